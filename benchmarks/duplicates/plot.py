"""Draw how CPU seconds grow with documents, both axes logarithmic, as a small SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

_WIDTH, _HEIGHT = 640, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 40, 40, 48
_STYLE = (
    "text{font:13px sans-serif;fill:#333}.grid{stroke:#ddd}.line{fill:none;stroke:#0b5cad;stroke-width:2}"
    ".goal{stroke:#999;stroke-dasharray:5 4}.dot{fill:#0b5cad}"
)


def svg(rows: Sequence[Mapping[str, float]], exponent: float) -> str:
    """Return the drawing of rows with ``documents``, ``cpu`` and ``peak_gb``, beside the line that grows evenly."""
    xs, ys = [row["documents"] for row in rows], [row["cpu"] for row in rows]
    low_x, high_x = math.floor(math.log10(min(xs))), math.ceil(math.log10(max(xs)))
    even = [ys[0] * x / xs[0] for x in xs]
    low_y, high_y = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(*ys, *even)))

    def at(x: float, y: float) -> tuple[float, float]:
        across = (math.log10(x) - low_x) / (high_x - low_x)
        up = (math.log10(y) - low_y) / (high_y - low_y)
        return (
            round(_LEFT + across * (_WIDTH - _LEFT - _RIGHT), 1),
            round(_HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM), 1),
        )

    def drawn() -> Iterator[str]:
        title = f"CPU seconds for n documents: slope {exponent:.2f}"
        yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        yield f"<title>{title}</title><style>{_STYLE}</style>"
        yield f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/><text x="{_LEFT}" y="24">{title}</text>'
        for power in range(low_x, high_x + 1):
            x, bottom = at(10**power, 10**low_y)
            yield f'<path class="grid" d="M{x} {bottom}V{_TOP}"/>'
            yield f'<text x="{x}" y="{bottom + 20}" text-anchor="middle">{10**power:,}</text>'
        for power in range(low_y, high_y + 1):
            left, y = at(10**low_x, 10**power)
            yield f'<path class="grid" d="M{left} {y}H{_WIDTH - _RIGHT}"/>'
            yield f'<text x="{left - 8}" y="{y + 4}" text-anchor="end">{f"{10.0**power:,g}"} s</text>'
        (x, y), (right, top) = at(xs[0], even[0]), at(xs[-1], even[-1])
        yield f'<path class="goal" d="M{x} {y}L{right} {top}"/>'
        yield f'<text x="{right}" y="{top + 150}" text-anchor="end">dashed: twice the documents, twice the time</text>'
        points = [at(one, other) for one, other in zip(xs, ys, strict=True)]
        yield f'<path class="line" d="M{"L".join(f"{x} {y}" for x, y in points)}"/>'
        for (x, y), row in zip(points, rows, strict=True):
            yield f'<circle class="dot" cx="{x}" cy="{y}" r="4"/>'
            label = f"{row['cpu']:.3g} s, {row['peak_gb']:.1f} GB"
            near_axis = x < _LEFT + 100
            across, anchor = (x + 8, "start") if near_axis else (x - 8, "end")
            yield f'<text x="{across}" y="{y + 18 if near_axis else y - 8}" text-anchor="{anchor}">{label}</text>'
        yield "</svg>"

    return "\n".join(drawn()) + "\n"
