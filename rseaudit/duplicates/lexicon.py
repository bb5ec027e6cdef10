"""Words that stand in every text: a shared one proves nothing. Elisions are words of their own (``l'`` is ``l``)."""

from __future__ import annotations

EMPTY = frozenset(
    "a ai ainsi alors apres as au aucun aucune aussi autre autres aux avait avant avec avez avoir avons bien c ca "
    "car ce cela celle celles celui cependant ces cet cette ceux chaque chez comme comment contre d dans de deja "
    "depuis des deux donc dont du elle elles en encore entre est et etaient etait etant ete etes etre eu eux fait "
    "faire fois font ici il ils j je jusqu jusque l la laquelle le lequel les lesquels leur leurs lors lorsque "
    "lui m ma mais me meme memes mes moi moins mon n ne ni nos notre nous on ont ou par parce pas pendant peu "
    "peut peuvent plus plusieurs pour pourquoi pouvez pouvoir puis qu quand que quel quelle quelles quels quelque "
    "quelques qui quoi s sa sans se selon sera seront ses seulement si soit son sont sous souvent sur t ta te tel "
    "telle tes toi ton toujours tous tout toute toutes tres tu un une vers voici vos votre vous y about after all "
    "also an and any are at be been before but by can do does for from had has have he her his how i if in into "
    "is it its may more most no not of or other our she should so some such than that the their them then there "
    "these they this those to was we were what when which who will with would you your".split()
)
