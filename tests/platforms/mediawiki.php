<?php
/**
 * Fills a wiki by MediaWiki's own functions (--step=fill, the plan on stdin) and prints the ids and
 * passwords that it made, as JSON; or runs the code on stdin (--step=code).
 */
require_once '/usr/share/mediawiki/maintenance/Maintenance.php';

use MediaWiki\MediaWikiServices;
use MediaWiki\Revision\SlotRecord;
use Wikimedia\Timestamp\ConvertibleTimestamp;

class FillWiki extends Maintenance {
    public function __construct() {
        parent::__construct();
        $this->addOption('step', 'fill or code', true, true);
    }

    public function execute() {
        $given = stream_get_contents(STDIN);
        if ($this->getOption('step') === 'code') {
            eval($given);
            return;
        }
        $plan = json_decode($given, true, 512, JSON_THROW_ON_ERROR);
        $made = ['bots' => [], 'pages' => []];
        $accounts = [];
        foreach ($plan['users'] as $row) {
            $user = User::newFromName($row['name']);
            if (!$user->getId()) {
                $user->addToDatabase();
                $user->changeAuthenticationData(['username' => $row['name'], 'password' => $row['password'],
                    'retype' => $row['password']]);
                $user->saveSettings();
            }
            $accounts[$row['name']] = $user;
            $bot = BotPassword::newUnsaved(['user' => $user, 'appId' => 'audit', 'grants' => ['basic', 'highvolume']]);
            $password = bin2hex(random_bytes(16));
            $this->must($bot->save('insert', MediaWikiServices::getInstance()->getPasswordFactory()->newFromPlaintext($password)));
            $made['bots'][$row['name']] = ['bot' => $row['name'] . '@audit', 'bot_password' => $password];
        }
        $services = MediaWikiServices::getInstance();
        foreach ($plan['pages'] as $row) {
            $title = Title::newFromText($row['title']);
            foreach ($row['revisions'] as $step) {
                // Revisions get the time at which they are saved.
                ConvertibleTimestamp::setFakeTime($step['time']);
                $page = $services->getWikiPageFactory()->newFromTitle($title);
                $updater = $page->newPageUpdater($accounts[$step['author']]);
                $updater->setContent(SlotRecord::MAIN, ContentHandler::makeContent($step['wikitext'], $title));
                $updater->saveRevision(CommentStoreComment::newUnsavedComment('essai'));
                $this->must($updater->getStatus());
                DeferredUpdates::doUpdates();
            }
            if ($row['protected']) {
                $cascade = false;
                $this->must($page->doUpdateRestrictions(['edit' => 'sysop', 'move' => 'sysop'],
                    ['edit' => 'infinity', 'move' => 'infinity'], $cascade, 'essai',
                    $accounts[end($row['revisions'])['author']])); // it leaves a revision without a change
            }
            ConvertibleTimestamp::setFakeTime(false);
            $made['pages'][] = $page->getId();
        }
        // The page that the installer made; the plan knows nothing of it.
        $home = $services->getWikiPageFactory()->newFromTitle(Title::newMainPage());
        $services->getDeletePageFactory()->newDeletePage($home, $accounts[$plan['users'][0]['name']])->deleteUnsafe('essai');
        DeferredUpdates::doUpdates();
        echo json_encode($made);
    }

    private function must(StatusValue $status) {
        if (!$status->isGood()) {
            $this->fatalError((string) $status);
        }
    }
}

$maintClass = FillWiki::class;
require_once RUN_MAINTENANCE_IF_MAIN;
