<?php
/**
 * Installs WordPress ("install", the administrator on stdin) and fills it ("fill", the plan on stdin),
 * by WordPress's own functions. Prints the ids and passwords that it made, as JSON.
 */
$step = $argv[1];
$plan = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
$_SERVER += ['HTTP_HOST' => '127.0.0.1', 'SERVER_PROTOCOL' => 'HTTP/1.1'];

function wp_new_blog_notification() {} // it would send a mail

if ($step === 'install') {
    define('WP_INSTALLING', true);
    require '/usr/share/wordpress/wp-load.php';
    require_once ABSPATH . 'wp-admin/includes/upgrade.php';
    wp_install('Intranet Belvaux', $plan['login'], $plan['email'], true, '', $plan['password'], 'fr_FR');
    exit;
}

require '/usr/share/wordpress/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/taxonomy.php';
foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $example) {
    wp_delete_post($example->ID, true);
}
update_option('timezone_string', 'Europe/Paris');
update_option('WPLANG', 'fr_FR');
update_option('comment_moderation', 0);
global $wp_rewrite, $wpdb;
$wp_rewrite->set_permalink_structure('/%year%/%postname%/');
$wp_rewrite->flush_rules(false);

$made = ['passwords' => [], 'posts' => []];
$accounts = [];
foreach ($plan['users'] as $user) {
    $known = get_user_by('login', $user['login']);
    $fields = ['user_login' => $user['login'], 'user_email' => $user['email'], 'display_name' => $user['name'],
        'role' => $user['role'], 'locale' => 'fr_FR'];
    $id = $known ? wp_update_user(['ID' => $known->ID] + $fields) : wp_insert_user($fields + ['user_pass' => $user['password']]);
    if (is_wp_error($id)) { fwrite(STDERR, $id->get_error_message()); exit(1); }
    $accounts[$user['login']] = get_user_by('id', $id);
    [$made['passwords'][$user['login']]] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'audit']);
}

$gmt = fn(string $time): string => get_date_from_gmt($time);
foreach ($plan['posts'] as $post) {
    $blocks = array_map(
        fn($text) => "<!-- wp:paragraph -->\n<p>" . esc_html($text) . "</p>\n<!-- /wp:paragraph -->", $post['paragraphs']);
    $id = wp_insert_post(wp_slash([
        'post_title' => $post['title'], 'post_type' => $post['type'], 'post_status' => $post['status'],
        'post_author' => $accounts[$post['author']]->ID, 'post_content' => implode("\n\n", $blocks),
        'post_date' => $gmt($post['created']), 'post_date_gmt' => $post['created'], 'post_password' => $post['password'],
        'post_category' => array_map('wp_create_category', $post['categories']), 'tags_input' => $post['tags'],
        'comment_status' => 'open',
        'post_parent' => $post['parent'] ? (int) $wpdb->get_var($wpdb->prepare(
            "SELECT ID FROM $wpdb->posts WHERE post_type = 'page' AND post_title = %s", $post['parent'])) : 0,
    ]), true);
    if (is_wp_error($id)) { fwrite(STDERR, $id->get_error_message()); exit(1); }
    $first = 0;
    foreach ($post['comments'] as $rank => $comment) {
        $author = $accounts[$comment['author']];
        $made_comment = wp_insert_comment(['comment_post_ID' => $id, 'user_id' => $author->ID,
            'comment_author' => $author->display_name, 'comment_author_email' => $author->user_email,
            'comment_content' => $comment['text'], 'comment_approved' => $comment['approved'] ? 1 : 0,
            'comment_parent' => $rank === 1 ? $first : 0,
            'comment_date' => $gmt($post['created']), 'comment_date_gmt' => $post['created']]);
        $first = $first ?: $made_comment;
    }
    // The day of the last change, which no function sets.
    $wpdb->update($wpdb->posts, ['post_modified' => $gmt($post['modified']), 'post_modified_gmt' => $post['modified'],
        'post_date_gmt' => $post['created']], ['ID' => $id]);
    clean_post_cache($id);
    $made['posts'][] = $id;
}
wp_cache_flush();
echo json_encode($made);
