# Phrases in English. How to add one is said at the top of text.rs; ru.ftl has the same keys and values.
# Spaces inside numbers and before units do not break.

### Numbers and time

## Units
unit-bytes = { $n } B
unit-kilobytes = { $n } kB
unit-megabytes = { $n } MB
unit-gigabytes = { $n } GB
unit-seconds = { $n } s
unit-minutes = { $n } min
unit-hours = { $n } h
unit-days = { $n } d

## Ages
age-now = just now
age-ahead = dated later than this computer's clock
age-seconds = { $n } s ago
age-minutes = { $n } min ago
age-hours = { $n } h ago
age-days = { $n } { $n ->
        [one] day
       *[other] days
    } ago

### Words of the domain

## Verdicts
verdict-reconciled = reconciled
verdict-before-window = earlier purchases
verdict-variance = variance
verdict-unverified = not verified
verdict-unknown-card = no such card

## Kinds of differences
difference-missing-opening-balance = opening balance missing in sverka
difference-missing-line = line missing in sverka
difference-extra-line = line only in sverka
difference-changed-line = line changed
difference-before-window = earlier purchases
difference-missing-card = card missing in sverka
difference-extra-card = card missing in 1C
difference-doubled-sale = sale recorded twice
difference-city = different city
difference-points = different points
difference-unknown-card = rows of a card that the catalog does not have
difference-unexplained = the sums differ and no line explains why
difference-unexplained-points = the points differ and no line explains why

## Why
reason-gone = 1C no longer has this line
reason-inactive = the line is no longer active in 1C
reason-amount = different amount
reason-period = different date
reason-product = different product or quantity
reason-kind = different kind: opening balance or purchase
reason-unnamed = there are rows, but no document of this base has the name given in the setting opening_balance
reason-own-sum = 1C's own total is not the sum of its lines
reason-unreadable = some rows of 1C could not be read

## Causes and what to do about them
cause-missing-opening-balance = opening balance missing in sverka
cause-missing-card = card missing in sverka
cause-extra-card = card missing in 1C
cause-missing-lines = lines missing in sverka
cause-gone-lines = lines 1C no longer has
cause-inactive-lines = lines no longer active in 1C
cause-changed-lines = lines changed in 1C
cause-own-sum = 1C's own total is not the sum of its lines
cause-unreadable-rows = some rows of 1C could not be read
cause-unexplained = sums differ, lines not read
cause-points = different points
cause-city = different city
cause-before-window = earlier purchases
cause-unknown-card = rows of a card the catalog does not have
cause-doubled-sale = sale recorded twice
cause-remedy-missing-opening-balance = Check `opening_balance` in [onec.names]: it must name the document that carried balances over; then run `sverka sync`.
cause-remedy-missing-card = The card is new in 1C: run `sverka sync`.
cause-remedy-extra-card = The card was deleted in 1C: run `sverka sync`, and ask who deleted it.
cause-remedy-missing-lines = The sales came after the last sync: run `sverka sync`.
cause-remedy-gone-lines = The documents were deleted, marked for deletion or unposted in 1C: run `sverka sync`.
cause-remedy-inactive-lines = The register rows are inactive in 1C: run `sverka sync`; if that is a mistake, post the documents again.
cause-remedy-changed-lines = The documents were corrected in 1C: run `sverka sync`.
cause-remedy-own-sum = Ask the administrator of 1C to recalculate the totals of the register.
cause-remedy-unreadable-rows = Find the rows in 1C that the sync named, correct them and run `sverka sync`.
cause-remedy-unexplained = `sverka check` names the lines of one card; `sverka reconcile --worst` reads those of more.
cause-remedy-points = Run `sverka sync`; if the points differ again, check `rule` in [points].
cause-remedy-city = The address was changed in 1C: run `sverka sync`.
cause-remedy-before-window = To make the totals match too, increase `days` in [sync] (0 is all history) and run `sverka sync`.
cause-remedy-unknown-card = Find the documents in 1C by these lines and enter the right card.
cause-remedy-doubled-sale = If it is one sale, exclude one type of document: `ignored_recorders` in [onec.names].

## Rules of points
points-rule-last-record = by the last record
points-rule-register-balance = by the register's balance

## Sources of a town
city-source-main-details-line-3 = from the main details, line 3
city-source-address-street = from the address
city-source-contact-info = from the contact information

### Settings

## Where a setting stands
place-file = { $path }, line { $line }, column { $column }
place-variable = variable { $name }
place-option = option { $name }
place-form = a field of the form

## What a setting should be
expected-text = text in quotes
expected-some-text = text that is not empty
expected-number = a whole number from { $least } to { $most }
expected-number-from = a whole number, { $least } or more
expected-flag = true or false
expected-words = a list of texts in square brackets
expected-some-words = a list of texts, none of them empty
expected-name = a name of 1C: letters, digits and underscores
expected-section = a section, that is a line [{ $key }]
expected-duration = a span of time such as "150ms", "10s" or "6h30m"
expected-some-duration = a span of time longer than zero, such as "10s" or "4h"
expected-hours = hours of the day such as "23:00-06:00"
expected-zone = a time zone such as "Europe/Moscow"
expected-zone-nearest = a time zone; did you mean "{ $nearest }"?
expected-one-of = one of: { $words }
expected-user = a login that is not empty and has no colon
expected-password = a password without control characters
expected-theme = auto, a built-in theme (terminal, night, day, monochrome) or the name of a file in the folder themes
expected-proxy = the address of a proxy, beginning with http:// or https://
expected-listen = an address of this computer and a port, such as 127.0.0.1:8000
expected-credential = the name of a systemd credential, without a slash

## What the system says
system-not-found = there is no such file
system-permission = permission denied
system-folder = it is a folder, not a file
system-not-folder = a file lies where a folder should be
system-not-text = it is not text in UTF-8
system-full = no space left on the disk
system-quota = this user's disk quota is used up
system-file-limit = the file size limit is reached (`ulimit -f`, or the file system)
system-no-reader = the program reading the output has ended
system-too-large = the file is too large
system-read-only = the disk is read-only
system-other = operating system failure ({ $kind })

## Errors of settings
error-config-unreadable = Cannot read the settings file { $path }: { $why }.
remedy-config-unreadable = Check the path and the permissions. `sverka init` writes a new settings file.
error-config-syntax = Cannot parse the settings file: { $at }: { $message }.
remedy-config-syntax = Fix this line. config.toml.example shows every setting; toml.io explains the format.
error-config-unknown-key = Unknown setting { $key }: { $at }.
remedy-config-unknown-key = Remove it or correct its name. config.toml.example lists every setting.
error-config-unknown-key-nearest = Unknown setting { $key }: { $at }.
remedy-config-unknown-key-nearest = Did you mean { $nearest }?
error-config-wrong-value = { $at ->
    [form] This value does not fit.
   *[other] Wrong value of { $key }: { $at }.
}
remedy-config-wrong-value = Expected: { $expected }.
error-config-address = { $at ->
    [form] This is not the address of an OData service.
   *[other] { $key } is not the address of an OData service: { $at }.
}
remedy-config-address = Write the whole address, from http:// or https:// to /odata/standard.odata, such as https://1c.example.ru/base/odata/standard.odata.
error-config-address-scheme = { $at ->
    [form] The address begins neither with http:// nor with https://.
   *[other] The address { $key } begins neither with http:// nor with https://: { $at }.
}
remedy-config-address-scheme = Begin the address with https:// or http://.
error-config-address-ending = { $at ->
    [form] The address does not end in /odata/standard.odata.
   *[other] The address { $key } does not end in /odata/standard.odata: { $at }.
}
remedy-config-address-ending = The address must end in /odata/standard.odata: add it to the address of the infobase and remove whatever follows.
error-config-address-query = { $at ->
    [form] The address has something after ? or #.
   *[other] The address { $key } has something after ? or #: { $at }.
}
remedy-config-address-query = Keep the address up to /odata/standard.odata: sverka makes the queries itself.
error-config-address-credentials = { $at ->
    [form] The address contains a user name or a password.
   *[other] The address { $key } contains a user name or a password: { $at }.
}
remedy-config-address-credentials = Remove them from the address. For signing in to 1C there are onec.user and onec.password_file.
error-config-secret-twice = The password is given twice: { $first } ({ $first-at }) and { $second } ({ $second-at }).
remedy-config-secret-twice = Keep one of them.
error-config-field-twice = { $first } and { $second } name the same in 1C: { $name }.
remedy-config-field-twice = Give each its own; `sverka doctor` tells which fields 1C has.
error-config-field-of-another = { $first } names { $name }, which in 1C is what { $second } is for.
remedy-config-field-of-another = Give each its own; `sverka doctor` tells which fields 1C has.
error-config-token = Cannot parse the token: { $at }.
remedy-config-token = It should be “user:password” in UTF-8, encoded in base64, with or without “Basic ” before it.
error-config-theme-role = Unknown role { $role } in the theme: { $at }.
remedy-config-theme-role = Remove it or mend its name. All roles are listed in docs/dashboard.md.
error-config-theme-role-nearest = Unknown role { $role } in the theme: { $at }.
remedy-config-theme-role-nearest = Did you mean { $nearest }?
error-config-theme-colour = The theme gives the role { $role } something that is no colour: { $at }.
remedy-config-theme-colour = Give a colour: "#rrggbb", a name such as "red" or "bright-blue", or "terminal", the terminal's own.
error-config-theme-colour-nearest = The theme gives the role { $role } something that is no colour: { $at }.
remedy-config-theme-colour-nearest = Did you mean "{ $nearest }"?
error-config-theme-from = The theme begins with the theme { $name }, and there is none: { $at }.
remedy-config-theme-from = Write from = "terminal", "night", "day" or "monochrome".
error-config-theme-missing = There is no such theme: the setting ui.theme ({ $at }) names the file { $path }.
remedy-config-theme-missing = Make this file, or name a built-in theme: terminal, night, day, monochrome.
error-config-no-key = There is no key called “{ $written }”, setting { $key }: { $at }.
remedy-config-no-key = Keys are written like this: F8, q, Ctrl+L, Alt+Up, Shift+Tab, Space, PgDn.
error-config-key-taken = The key { $written } of the setting { $key } is already taken by { $other }: { $at }.
remedy-config-key-taken = Choose another key, or give { $other } a different one.
error-config-key-reserved = The setting { $key } cannot have the key { $written }: { $at }.
remedy-config-key-reserved = Choose another key: this one always ends the program.
error-config-not-unicode = The variable { $name } is not UTF-8.
remedy-config-not-unicode = Set it again in UTF-8 or put it into the settings.
error-config-missing = It is not set how to reach 1C: { $key } is missing.
remedy-config-missing = { $path ->
    [none] Create the settings file with `sverka init` and set { $key } in it, or set the variable { $variable }. `sverka demo` shows the program without 1C.
   *[other] Set { $key } in { $path }, or set the variable { $variable }. `sverka demo` shows the program without 1C.
}
error-config-missing-password = The password for 1C is not set.
remedy-config-missing-password = { $path ->
    [none] Set onec.password_file or onec.password_command in the settings file (`sverka init` creates it), or the variable SVERKA_ONEC__PASSWORD. `sverka demo` shows the program without 1C.
   *[other] Set onec.password_file or onec.password_command in { $path }, or the variable SVERKA_ONEC__PASSWORD. `sverka demo` shows the program without 1C.
}
error-config-secret-unreadable = Cannot read the password from { $path }: { $why }.
remedy-config-secret-unreadable = Check onec.password_file and the permissions of that file.
error-config-secret-command-start = Cannot start the command onec.password_command: { $why }.
remedy-config-secret-command-start = It needs the shell sh: check that it is installed and may be run.
error-config-secret-command-deadline = The command onec.password_command gave no password within { $seconds } s.
remedy-config-secret-command-deadline = Run it in a terminal yourself: it must not ask anything.
error-config-secret-command-status = The command onec.password_command failed ({ $status }).
remedy-config-secret-command-status = Run it in a terminal yourself until it prints the password.
error-config-secret-command-signal = The command onec.password_command was ended by a signal.
remedy-config-secret-command-signal = Run it in a terminal yourself until it prints the password.
error-config-no-credential = systemd has not passed the credential { $name }.
remedy-config-no-credential = Pass it to the service: LoadCredential={ $name }:/path/to/the/file. Outside the service it does not exist: use onec.password_file there.
error-config-foreign-host = The password ({ $secret-at }) was not given for { $host }, which { $key } names ({ $at }). Nothing was sent.
remedy-config-foreign-host = Set the password where the address is set, or put { $key } beside the password. A password is sent only to the server it was given for.
error-config-writable-by-others = Other users can change { $path }, so the command { $key } was not run: they could have replaced it.
remedy-config-writable-by-others = Restrict access to the file: chmod 600; to the folders above it: chmod go-w; its owner must be you or root.
error-config-secret-unusable = What { $key } gave cannot be a password.
remedy-config-secret-unusable = There should be one line of UTF-8, not empty, without control characters.
error-config-no-home = The home folder is not known, so there is nowhere to keep the data.
remedy-config-no-home = Set the variable HOME, the setting store.path or the option --store.
error-config-exists = { $path } already exists and was left as it is.
remedy-config-exists = Edit it yourself, or choose another place: `sverka init --config FILE`.
error-config-unwritable = Cannot write { $path }: { $why }.
remedy-config-unwritable = Check the permissions of the folder, or choose another place: `sverka init --config FILE`.
problem-complaint = It said: “{ $text }”.

## Warnings of settings
warning-plain-http = The password and the customers' data travel to { $host } unencrypted: the address begins with http://.
warning-any-certificate = The server's certificate is not checked: accept_invalid_certificates is on.
warning-readable-by-others = Every user of this computer can read the file with the password { $path }. Restrict access: chmod 600.
warning-writable-by-others = Other users of this computer can change the file { $path } (it or a folder above it is writable, or it has another owner). Restrict access: chmod 600, and for the folder: chmod go-w.
warning-store-open = Other users of this computer can read or change the store { $path }, which holds personal data. Restrict access: chmod 600.
warning-store-folder-open = Other users of this computer can write to the folder of the store, { $path }. Restrict access: chmod 700, and to the store itself: chmod 600.
warning-ignored-variable = The variable { $name } is ignored: use the setting { $key } instead.
warning-unknown-variable = The variable { $name } is not used.
warning-unknown-variable-nearest = The variable { $name } is not used. Did you mean { $nearest }?
store-set-aside = The unusable store was renamed: { $path }. Everything is read from 1C again.
store-not-set-aside = The store is intact and stays in place: this is an ordinary sync.
store-compacted = { $path }: { $before } before, { $after } now.
store-other-names = The replaced file has other hard links ({ $names } names in all): they lead to the old file.
store-backup-examining = Reading the whole copy…
store-backup-copying = Copying data version { $generation }, { $cards } cards…
store-backup-again = Reading the copy again…
store-backed-up = Copied: { $path }, { $bytes }, data version { $generation } of { $time } ({ $age }), { $cards } cards, { $rows } rows; the whole copy was read again.
store-restored = Restored: data version { $generation } of { $time } ({ $age }), { $cards } cards, { $rows } rows; everything was read again. The next sync reads everything from 1C.
store-restored-aside = The previous store was renamed: { $path }. Delete it when it is no longer needed: it holds personal data, too.
error-backup-unusable = { $path } cannot be restored: { $why }
remedy-backup-unusable = The store is unchanged. Choose another copy, or read everything from 1C again: `sverka sync`.
error-backup-not-made = The copy { $path } could not be made: { $why }
remedy-backup-not-made = The store is unchanged. Check the free space and the permissions of that folder.
store-check-rows = Rows read
store-check-pages = Pages of the file
store-check-pages-compared = all compared with their checksums
store-check-pages-busy = not checked: another process is writing to the store
store-check-pages-read-only = not checked: no permission to write
store-check-file = File size
store-check-took = Took
store-check-whole = The store is intact: every row is as it was written.
store-check-compact = The store is intact, but its file is larger than needed: `sverka store compact` frees the space.
init-opening-not-asked = `sverka doctor` finds out which document carried balances over in your base, and proposes the line opening_balance.
init-opening-suspects = These documents wrote sales once, long ago, and may have carried balances over: { $types }. Look at them in 1C: those that did belong into opening_balance, those that sold into purchase_recorders of [onec.names]. Until then `sverka doctor` and every sync remind you.
init-opening-untold = 1C has not said which documents record sales; `sverka doctor` will propose the line opening_balance.
init-opening-empty = The sales register has no rows yet; once it has, `sverka doctor` will check the line opening_balance.
init-opening-usual = Opening balances have their usual name in this base, nothing needs changing: { $line }
init-opening-written = Balances were carried over by another document in this base; written to the settings: { $line }
init-opening-none = No document of this base carries balances over; written to the settings: { $line }
config-written = The settings are written to { $path }. Fill in the address of 1C, the user name and the password, then run `sverka doctor`.

### The service

service-plan = This will be done:
service-step-run = { "  " }run     { $command }
service-step-write = { "  " }write   { $path } (mode { $mode })
service-step-unit = { "  " }write   { $path } (unit of systemd)
service-step-delete = { "  " }delete  { $path }
service-question = Go on? [y/N]
service-declined = Nothing was changed.
service-installed = The service runs, and starts with the system. State: `systemctl status sverka`, log: `journalctl -u sverka`. Settings: /etc/sverka/config.toml; after a change: `systemctl restart sverka`.
service-installed-user = The service runs, and starts with the system. State: `systemctl --user status sverka`, log: `journalctl --user -u sverka`. After a change of the settings: `systemctl --user restart sverka`.
service-removed = The service is stopped and removed. Settings, password and store are still there: /etc/sverka and /var/lib/sverka.
service-removed-user = The service is stopped and removed. Settings and store are where they were. This user's processes still run without a login; if nothing needs that any more: `loginctl disable-linger`.
service-not-there = There is nothing to remove: no { $path }.
service-untold = systemd was not told that the program is ready: { $why }

error-service-no-systemd = This system is not run by systemd: there is nowhere to install a service.
remedy-service-no-systemd = Run `sverka engine` under whatever looks after services here (OpenRC, runit, a container), or the command sync from cron.
error-service-no-user-manager = This session has no systemd of the user: XDG_RUNTIME_DIR is not set, or nobody is there.
remedy-service-no-user-manager = Log in as this user by ssh or `machinectl shell`, not by su. For a service of the system: `sudo sverka service install`.
error-service-no-rights = Only root installs and removes a service of the system.
remedy-service-no-rights = Repeat it with sudo, or add --user: a service of your own user needs no rights.
error-service-foreign = { $path } was not written by sverka, and is left as it is.
remedy-service-foreign = See what this unit is. If nobody needs it, take it away yourself, then repeat.
error-service-masked = The administrator has forbidden the service sverka: { $path } leads to /dev/null.
remedy-service-masked = If it need not be forbidden any more: `systemctl unmask sverka`, then repeat.
error-service-packaged = The service is there already: { $path } came with a package.
remedy-service-packaged = To switch it on: `systemctl enable --now sverka`. To switch it off: `systemctl disable --now sverka`. It is removed with the package.
error-service-program-hidden = The service could not start { $path }: homes and temporary folders are hidden from it.
remedy-service-program-hidden = Put the program where everybody finds it and repeat: `sudo install -m 755 { $path } /usr/local/bin/sverka`, `sudo /usr/local/bin/sverka service install`. Or add --user.
error-service-program-name = The path { $path } cannot be written into a unit of systemd.
remedy-service-program-name = Move the program and the files to a path without quotes, backslashes and dollar signs.
error-service-store = --store does not go with a service of the system: its store is { $place }, where no other user looks. Nothing was changed.
remedy-service-store = Leave --store out. For another place name it with `store` in { $settings }, in a folder that the user sverka may write to; or add --user.
error-service-unconfirmed = There is nobody to ask: the input is no terminal. Nothing was changed.
remedy-service-unconfirmed = See the plan with --dry-run, then repeat with --yes.
error-service-command = The command `{ $command }` failed: { $why }
remedy-service-command = What was done before it stays. Mend the cause and repeat: it can be begun again from the start. More of the service: `systemctl status sverka`, `journalctl -u sverka -n 50`.

### Pages of the manual

man-written = { $n ->
    [one] { $n } page of the manual is written to { $path }
   *[other] { $n } pages of the manual are written to { $path }
}
man-manual = Manual of sverka
man-name = NAME
man-synopsis = SYNOPSIS
man-description = DESCRIPTION
man-exit-codes = EXIT CODES
man-version = VERSION

### Failures

## 1C. Words of 1C itself are added by problem-said.
problem-said = The server said: “{ $text }”.
error-onec-settings = 1C cannot be reached with these settings: { $what }.
remedy-onec-settings = Correct the settings in [onec].
error-onec-unauthorized = 1C did not accept the user name or the password.
remedy-onec-unauthorized = Check onec.user and the password. Requests have stopped so that the account does not get locked. The 1C user must have 1C:Enterprise authentication switched on.
error-onec-windows-login = The server wants a Windows login ({ $offered }), which sverka does not speak.
remedy-onec-windows-login = Ask the administrator of the web server to switch Basic authentication on for the publication of 1C (in IIS: Authentication), and set the name and the password of a 1C user in [onec]. Requests have stopped so that the account does not get locked.
error-onec-refused-later = 1C had accepted the user name and the password, but refused access to “{ $what }”.
remedy-onec-refused-later = If the password has been changed meanwhile, correct it in the settings. If not, the web server or 1C does not let this account read “{ $what }”: grant that right. Requests have stopped so that the account does not get locked.
error-onec-rights = The 1C user is not allowed to read { $what }.
remedy-onec-rights = Ask the administrator of 1C for the right to read this and for access to the standard OData interface (in the usual configurations the role “УдаленныйДоступOData”).
error-onec-maintenance = 1C is closed for sign-in: maintenance or an update is under way.
remedy-onec-maintenance = Wait and try again later. If the work is over, ask the administrator of 1C to lift the block on new sessions. The data of the last sync are still there.
error-onec-no-licence = All licences of 1C are in use: it lets nobody else in for now.
remedy-onec-no-licence = It passes by itself when somebody leaves 1C: try again later, or sync at night. If it happens often, lower onec.in_flight, or ask the administrator of 1C for one more licence. The data of the last sync are still there.
error-onec-not-published = 1C does not publish { $what }.
remedy-onec-not-published = Ask the administrator of 1C to add it to the standard OData interface. If it has another name in your configuration, set that in [onec.names].
error-onec-not-offered = 1C answers, but does not provide { $what }. { $by }
remedy-onec-not-offered = Ask the administrator of 1C whether it is part of the standard OData interface and whether this user may read it. `sverka doctor` shows what else 1C does not provide.
error-onec-too-wide = 1C does not answer in time when asked for { $what }, even for a short period.
remedy-onec-too-wide = Nothing needs to be done: these figures stay unconfirmed. If there is a proxy in front of 1C, increase its timeout.
error-onec-wrong-address = There is no publication of 1C at this address (status { $status }).
remedy-onec-wrong-address = Check onec.url: the name of the base must be the one on the web server.
error-onec-filter-refused = 1C does not support the filter needed: { $what }.
remedy-onec-filter-refused = Nothing needs to be done: sverka reads everything and filters it itself. It takes longer.
error-onec-bad-request = 1C did not understand the request (status { $status }).
remedy-onec-bad-request = Compare the names in [onec.names] with your configuration: `sverka doctor` names the fields that are missing.
error-onec-address-too-long = The address of the request would be too long for common servers ({ $length } bytes), so it was not sent.
remedy-onec-address-too-long = Shorten onec.url or the names in [onec.names].
error-onec-address-refused = The web server refused a request with an address of { $length } bytes as too long.
remedy-onec-address-refused = Ask the administrator of the web server, or of the proxy in front of it, to allow addresses of at least 2048 bytes: in IIS maxUrl and maxQueryString, in nginx large_client_header_buffers, in Apache LimitRequestLine.
error-onec-redirected = The server redirects to another address: { $to }.
remedy-onec-redirected = Put the final address into onec.url. The password is not sent to an address you did not name.
error-onec-not-1c = A web page answers instead of 1C.
remedy-onec-not-1c = Open onec.url in a browser: a proxy, the sign-in page of a network or a wrong address may be in the way.
error-onec-platform-page = The 1C base answered with its own error page instead of data (status { $status }): the OData interface is not switched on in this publication, or the base itself failed.
remedy-onec-platform-page = Ask the administrator of 1C to publish the base on the web server with the standard OData interface switched on, and to look into the event log. The name of the base in onec.url is right.
error-onec-proxy-page = A proxy or a site firewall answers instead of 1C (status { $status }).
remedy-onec-proxy-page = Ask the network administrator to let requests from this computer through to 1C. If a proxy is needed, set onec.proxy.
error-onec-sign-in = A sign-in page answers instead of 1C.
remedy-onec-sign-in = This is not the OData interface: onec.url leads to a sign-in page for people, or this account needs another way in. Ask the administrator of 1C for the OData address and a 1C user with a password. If it is the sign-in of the network itself (a hotel, Wi-Fi), sign in there first.
error-onec-sign-in-redirect = The server asks to sign in on a page: { $to }.
remedy-onec-sign-in-redirect = Do not put that page into onec.url: this address or this account is not for OData. Ask the administrator of 1C for the address where OData accepts a user name and password of 1C.
error-onec-forbidden = The web server in front of 1C denies access to this address.
remedy-onec-forbidden = Rights in 1C have nothing to do with it: ask the administrator of the web server to allow this computer to reach the publication.
error-onec-web-server = The request did not reach 1C: the web server returned an error (status { $status }).
remedy-onec-web-server = Check onec.url and look into the log of the web server.
error-onec-gateway = The web server or a proxy got no answer from 1C in time (status { $status }).
remedy-onec-gateway = Check that the 1C server is running. If 1C is just slow, lower onec.page_size, or ask for a longer timeout on the web server.
error-onec-unreachable-name = The server name { $host } was not found in the network.
remedy-onec-unreachable-name = Check onec.url, the network and the VPN.
error-onec-unreachable-refused = The server { $host } refuses the connection.
remedy-onec-unreachable-refused = Check that the web server of 1C is running and that the port is right and open.
error-onec-unreachable-timeout = The server { $host } did not answer an attempt to connect.
remedy-onec-unreachable-timeout = Check the network, the VPN and the firewall. onec.connect_timeout sets how long to wait.
error-onec-unreachable-handshake = The server { $host } closed the connection while encryption (TLS) was being set up.
remedy-onec-unreachable-handshake = Try again. If it happens again, the server may support outdated encryption only (IIS on Windows Server 2012 R2 and older answers like this), or a firewall cuts the connection: the server must support TLS 1.2 with ECDHE and AES-GCM, or TLS 1.3.
error-onec-tls-unknown-issuer = The certificate of { $host } was issued by an unknown authority.
remedy-onec-tls-unknown-issuer = If the authority is your own organisation's, set its certificate in onec.ca_file (PEM). If the certificate is self-signed, issue it again with CA:FALSE and the server's name in SAN, and set it in onec.ca_file.
error-onec-tls-authority-as-server = { $host } presents the certificate of an authority instead of the server's own.
remedy-onec-tls-authority-as-server = Issue the server's certificate again with CA:FALSE and the server's name in SAN, then set it in onec.ca_file.
error-onec-tls-expired = The certificate of { $host } has expired.
remedy-onec-tls-expired = Renew the certificate on the server. If it is valid, check the clock of this computer.
error-onec-tls-not-yet-valid = The certificate of { $host } is not valid yet.
remedy-onec-tls-not-yet-valid = Check the clock of this computer, then the dates of the certificate.
error-onec-tls-clock-differs = The certificate of { $host } is valid by the server's clock but not by the clock of this computer: { $server } there, { $ours } here.
remedy-onec-tls-clock-differs = Set the clock of this computer (NTP). If it is right, the server's clock is wrong and the certificate needs renewing.
error-onec-tls-other-name = The certificate of { $host } is not issued to this name.
remedy-onec-tls-other-name = Use a name from the certificate in onec.url, or issue the certificate again for the server's name (field SAN).
error-onec-tls-weak-signature = The certificate of { $host }, or of its authority, is signed with a method that is no longer trusted.
remedy-onec-tls-weak-signature = Issue the server's certificate again, signed with SHA-256, with an RSA key of 2048 bits or more, or with ECDSA.
error-onec-tls-short-key = The key of the certificate of { $host }, or of its authority, is too short: { $bits } bits.
remedy-onec-tls-short-key = Issue the server's certificate again, with an RSA key of 2048 bits or more, or with ECDSA.
error-onec-tls-old-server = The server { $host } supports outdated encryption only: there is no method in common.
remedy-onec-tls-old-server = Enable TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM, on the server. IIS on Windows Server 2012 R2 supports that with an ECDSA certificate only: issue one, update the system, or put a reverse proxy (nginx) in front of it.
error-onec-tls-not-tls = { $host } does not answer over https.
remedy-onec-tls-not-tls = Check the beginning of onec.url and its port: it may be http here.
error-onec-tls-alert = The server { $host } ended the secure connection with the alert { $alert }.
remedy-onec-tls-alert = Look into the log of the web server for this time: it names the reason. If it asks for a client certificate, switch that off for the OData address: sverka has none.
error-onec-tls-certificate = The certificate of { $host } was not accepted: { $what }.
remedy-onec-tls-certificate = Issue the server's certificate again: X.509 version 3, for a server (extended key usage serverAuth), with the server's name in SAN.
error-onec-tls-misbehaved = { $host } breaks the rules of TLS: no secure connection could be made.
remedy-onec-tls-misbehaved = Most often something on the way decrypts https (an antivirus, a proxy, a load balancer): connect to 1C bypassing it. Otherwise update the web server.
error-onec-tls-failed = The secure connection to { $host } failed on this computer.
remedy-onec-tls-failed = Try again. If it happens again, restart this computer and save the output of `sverka doctor --json`.
error-onec-not-http = The server does not answer over http on this port.
remedy-onec-not-http = Check the beginning of onec.url and its port: it is probably https here.
error-onec-no-certificates = This computer has no certificates of trusted authorities.
remedy-onec-no-certificates = Install the package ca-certificates, or set onec.ca_file.
error-onec-timeout = 1C has not answered for { $seconds } s.
remedy-onec-timeout = Try again later. If 1C is just slow, raise onec.read_timeout (for checks onec.patience) or lower onec.page_size.
error-onec-cut = The answer of 1C was cut off.
remedy-onec-cut = Sync again. If it happens again, lower onec.page_size and check the proxy.
error-onec-closed = The server closed the connection without answering.
remedy-onec-closed = Try again. If it happens again, check whether onec.url should begin with https.
error-onec-too-large = The answer of 1C is too large.
remedy-onec-too-large = Lower onec.page_size.
error-onec-empty = 1C sent an empty answer.
remedy-onec-empty = Try again. If it happens again, look into the log of the 1C web server.
error-onec-malformed = The answer of 1C could not be parsed ({ $set }): { $what }.
remedy-onec-malformed = Try again. If it happens again, send the developers of sverka this text and the version of the 1C platform.
error-onec-missing-field = { $set } has no field { $field }.
remedy-onec-missing-field = { $named ->
    [yes] Set in [onec.names] what this field is called in your configuration.
   *[no] Every register and catalog of 1C has this field: publish it whole (the composition of OData, rights of the user), or have whatever stands in front of 1C let it through.
}
error-onec-server-error = Internal error of 1C (status { $status }).
remedy-onec-server-error = Try again later. If it persists, look into the event log of 1C.
error-onec-busy = 1C is busy (status { $status }).
remedy-onec-busy = Try again later or lower onec.in_flight: 1C may be short of sessions.
error-onec-unexpected-status = Unexpected answer of the server: { $status }.
remedy-onec-unexpected-status = Check onec.url and the settings of the web server.
error-onec-network = The connection to 1C failed: { $what }.
remedy-onec-network = Check the network and try again.
set-cards = cards
set-owners = card owners
set-products = products
set-sales = the sales register
set-points = the points register
set-service = the description of the service
problem-gave-up = { $tries } attempts, all failed.
problem-tls-issuer = Issued by: { $issuer }.
problem-tls-algorithm = Signed by: { $algorithm }.
problem-tls-until = It was valid until { $date }.
problem-tls-from = It is valid from { $date } on.
problem-tls-names = Names in it: { $names }.
problem-tls-no-names = There is no name in its field SAN; the common name (CN) does not count.
problem-tls-malformed = it is damaged or does not follow the standard
problem-tls-revoked = its authority has revoked it
problem-tls-revocation-unknown = it is unknown whether it has been revoked
problem-tls-critical-extension = it has a critical extension that sverka does not know
problem-tls-purpose = it is not issued for a server
problem-tls-signature = its signature does not verify
problem-tls-constraints = its authority was not allowed to issue it
problem-tls-version = its X.509 version is outdated
problem-tls-unaccepted = it does not pass the check
problem-budget-spent = Too many failures: requests have stopped.

## Exports
error-export-exists = { $path } already exists and was left unchanged.
remedy-export-exists = Choose another file, or overwrite this one: --force.
error-export-unwritable = Cannot write { $path }: { $why }.
remedy-export-unwritable = Check the folder, the permissions and the free space. What was in the file before is untouched.
error-export-terminal = An Excel workbook cannot be printed to a terminal.
remedy-export-terminal = Set a file: -o base.xlsx.
error-export-and-metrics = The table and the metrics go to the same file: “{ $path }”.
remedy-export-and-metrics = Set different files in -o and --metrics.
error-export-two-formats = Two different formats are given: by --json and by --format.
remedy-export-two-formats = Keep one of them.
error-export-output = Cannot write the result: { $why }.
remedy-export-output = Check where the output goes.
error-place-own = { $path } is { $what }: it is never overwritten.
remedy-place-own = Choose another file.
own-store = the store of sverka
own-note = the note beside the store
own-settings = the settings file
own-secret = the file with the password or the certificate
own-state = a file in which sverka keeps its own state
error-place-foreign = { $path } was not created by sverka and was left unchanged.
remedy-place-foreign = Choose another file, or delete this one if nobody needs it.
error-log-unwritable = The log cannot be written to { $path }: { $why }
remedy-log-unwritable = The program goes on. Name another `file` in `[log]`, or turn the log off: `level = "off"`.
error-place-link = { $path } is a link that leads nowhere.
remedy-place-link = Fix the link, or name the file itself.
error-place-no-file = { $path } is not a file, a pipe or a terminal.
remedy-place-no-file = Name a file.
error-place-no-reader = Nobody reads the pipe { $path }.
remedy-place-no-reader = Start the program that reads it first.

## The store
error-store-not-found = There are no data in the store yet: { $path }.
remedy-store-not-found = Run the first sync: `sverka sync`.
error-store-foreign = { $path } is not a sverka store.
remedy-store-foreign = The file was not touched. Choose another place in store.path or with --store.
error-store-newer = The store { $path } was written by a newer version of sverka.
remedy-store-newer = Update sverka, or choose another store with --store. To rename the file and read everything again: `sverka sync --rebuild`.
error-store-damaged = The store { $path } is damaged: { $what }.
remedy-store-damaged = Run `sverka sync --rebuild`: the file is renamed and kept, and everything is read from 1C again.
error-store-already-open = Another process is writing to the store { $path }.
remedy-store-already-open = Wait until it ends, or close it. Searching and viewing work meanwhile.
error-store-already-open-holder = Another process is writing to the store { $path }: { $pid } on { $host }, since { $since }.
remedy-store-already-open-holder = Wait until it ends, or close it. Searching and viewing work meanwhile.
error-store-held = Another process holds the store { $path } and does not release it.
remedy-store-held = Wait until it ends, or end it. If it is stopped (state T in `ps`), `kill -CONT` wakes it.
error-store-held-holder = Another process holds the store { $path } and does not release it: { $pid } on { $host }, since { $since }.
remedy-store-held-holder = Wait until it ends, or end it. If it is stopped (state T in `ps`), `kill -CONT` wakes it.
error-store-link-to-nothing = Instead of the store, { $path } is a link that leads nowhere.
remedy-store-link-to-nothing = Attach the disk it leads to, or fix the link. To begin a new store where it leads: `sverka sync --rebuild`.
error-store-staging = A sync is already running.
remedy-store-staging = Wait until it ends.
error-store-read-only = The store { $path } is open for reading only.
remedy-store-read-only = Close the program that writes to it and try again.
error-store-replaced = The store file { $path } was deleted, replaced or overwritten by another program while in use.
remedy-store-replaced = Check what is there now (`sverka store check`), then sync.
error-store-permission = No permission to access the store { $path }.
remedy-store-permission = Give yourself read and write permission to the file and its folder, and check that the disk is not mounted read-only.
error-store-full = No space left on the disk with the store { $path }.
remedy-store-full = Free some space and try again. The previous data are safe.
error-store-no-room = Too little free space beside the store { $path } for a sync: { $free } free, { $needed } needed.
remedy-store-no-room = Free some space and try again. Nothing was written, the previous data are safe.
error-store-in-use = Another process is reading the store { $path }.
remedy-store-in-use = Close it (for example, the sverka dashboard in another window) and try again.
error-store-io = Failure of the disk with the store { $path }: { $what }.
remedy-store-io = Check the disk and try again. The previous data are safe.
error-store-reopen = The store { $path } was closed after a failure.
remedy-store-reopen = Restart sverka. The previous data are safe.
error-store-range = An amount or a quantity of the card { $card } is too large to be stored exactly.
remedy-store-range = Find the wrong record of this card in 1C and correct it.
error-store-recorder-types = There are more types of documents than 1C can have.
remedy-store-recorder-types = Check onec.url and the name of the sales register in [onec.names].

## A sync
error-sync-changed-too-fast = 1C changes faster than it can be read: { $what }, attempts: { $attempts }.
remedy-sync-changed-too-fast = Try again when there are fewer sales, for example after the shift is closed. The previous data are safe.
error-sync-count-differs = 1C reports one number of rows and sends another, every time: { $what }, reported { $counted }, received { $received }.
remedy-sync-count-differs = Rows are being lost on the way: look for a limit on the number of rows in the 1C publication or in a proxy in front of it. The previous data are safe.
error-sync-never-still = 1C changes too fast: the data never matched its totals, comparisons: { $rounds }; cards with a variance the last time: { $cards }.
remedy-sync-never-still = Try again when there are fewer sales, for example after the shift is closed. The previous data are safe.
error-sync-another-base = There is another base at this address: it has { $known } cards of { $asked }.
remedy-sync-another-base = Check onec.url. If the base was replaced on purpose, run `sverka sync --accept-base` or choose another store.
error-sync-empty-answer = 1C sent an empty list ({ $what }), but the store has { $stored } records.
remedy-sync-empty-answer = Check the rights of the 1C user and onec.url; if the opening balances are gone, check opening_balance in [onec.names]. The store was left unchanged.
error-sync-openings-elsewhere = 1C no longer has documents of opening balances (“{ $names }”), but the store has { $stored } of their rows. All sales are written by other documents: { $types }.
remedy-sync-openings-elsewhere = If another document carries the balances over now, name it in opening_balance of [onec.names]. If there are none any more: opening_balance = []. The store was left unchanged.
error-sync-looks-differ = Much has suddenly disappeared from 1C ({ $before } before, { $now } now), and two readings in a row saw different rows.
remedy-sync-looks-differ = Try again later. If 1C is being restored or repaired, wait until that is done. The previous data are safe.
error-sync-unreadable = { $rejected } of { $rows } rows cannot be read ({ $set }): { $reasons }. One of them: { $example }.
remedy-sync-unreadable = Look at “{ $field }” of that row in 1C. If it is the wrong field, set the right one in [onec.names]; if the data are distorted between 1C and sverka, fix that. The store was left unchanged.
unreadable-reason = “{ $field }” { $why }, rows: { $rows }
unreadable-no-number = is missing or not a number
unreadable-not-whole = is not a number with two decimal places
unreadable-no-direction = is neither receipt nor expense
unreadable-long-type = has too long a name of a document type
unreadable-no-period = is not a date
unreadable-no-flag = is neither true nor false
error-sync-store-changed = A sync updated the store while it was being compared with 1C.
remedy-sync-store-changed = Wait until the sync ends and try again.
error-sync-cancelled = The sync was interrupted.
remedy-sync-cancelled = The previous data are safe. Start the sync again when it suits you: what was read is kept.
error-own-mistake = sverka stopped because of its own error at { $place }.
remedy-own-mistake = Start it again: the data in the store are safe. If it happens again, send the developers { $report }.
error-sync-internal = Internal error of sverka: { $what }.
remedy-sync-internal = Try again. If it happens again, send the developers this text and the file last-crash.txt from ~/.local/state/sverka.

## Findings: what a sync found that somebody should mend
error-clocks-differ = The clocks are more than a day apart: { $ours } here, { $server } on the server. The period of purchases goes by the earlier one, so that no purchase is lost.
remedy-clocks-differ = Correct the clock that is wrong (of this computer, of the web server or of the proxy in front of 1C), then sync again.
error-window-jumped = By the clocks the purchases of { $lost } { $lost ->
        [one] line
       *[other] lines
    } grew too old for `days`, and 1C has had no sale since { $date }. They are no longer in sverka.
remedy-window-jumped = Check the clock of this machine and of the 1C server. If one was wrong, set it right and sync in full: `sverka sync`. If the shop really sold nothing for so long, nothing needs to be done.
error-part-lost = { $what } were there before, and 1C no longer provides them: “{ $name }”; full syncs without them: { $syncs }.
remedy-part-lost = Put “{ $name }” back into the standard OData interface and give the account the right to read it. If it is gone for good, nothing needs to be done: after the third full sync without it the reminders stop.
error-not-by-card = “{ $name }” is not kept by card: it has { $rows } rows or totals, and no key of them is a card of the catalog. Points are unknown.
remedy-not-by-card = Set the field of the card in `points_card` of [onec.names]. If the register has no such field, points by card cannot be known.
error-sales-not-by-card = “{ $name }” is not kept by card: it has { $rows } rows or totals, and no key of them is a card of the catalog. Every customer would have zeros; the store was left unchanged.
remedy-sales-not-by-card = Set the field of the card in `sales_card` of [onec.names], or the right catalog in `cards`, then sync again.
error-cards-unlisted = The catalog lacks cards that sales name: { $cards } of { $of }. Whose purchases these are, sverka cannot tell.
remedy-cards-unlisted = If nobody deleted them, the login of sverka does not see all cards: ask the 1C administrator to open the whole catalog to it (access at record level), then sync again.
error-owners-unlisted = The catalog of owners lacks those that cards name: { $cards } of { $of } cards. Their names, towns and e-mail addresses are not known.
remedy-owners-unlisted = If nobody deleted them, the login of sverka does not see all owners: ask the 1C administrator to open the whole catalog to it (access at record level), or set the right one in `owners` of [onec.names]. Then sync in full: `sverka sync`.
error-totals-contradict = 1C's own totals contradict its rows, which were read again and again; cards: { $cards }, for instance { $example }.
remedy-totals-contradict = Ask the 1C administrator to recalculate the totals of the registers (testing and correcting), then sync again. Until then what 1C's forms show of these cards may differ from sverka.
error-opening-names-unborne = No document of this base has the name set for opening balances: “{ $names }”. Sales by card are recorded by the documents: { $types }.
remedy-opening-names-unborne = Put the document that carried the balances over into `opening_balance` of [onec.names]; if none were carried over, leave the list empty: `opening_balance = []`. Then sync again: it tells which documents may have.
error-opening-names-left-out = The documents named as opening balances are excluded by `ignored_recorders`: “{ $names }”. Opening balances are not counted.
remedy-opening-names-left-out = Remove this document from `ignored_recorders` or from `opening_balance` of [onec.names], then sync again.
error-opening-names-too-broad = A name in `opening_balance` also fits ordinary documents: { $types }. Their purchases would count as opening balances.
remedy-opening-names-too-broad = Write the full name of the document that carried the balances over into `opening_balance` of [onec.names]. If it was these documents, name them in full: { $setting }. Then sync again.
error-ignored-names-unborne = No document of this base has the name set in `ignored_recorders`: “{ $names }”. Nothing is excluded by it. Sales by card are recorded by the documents: { $types }.
remedy-ignored-names-unborne = Write the document into `ignored_recorders` of [onec.names] as it is called in 1C, or remove the name. Then sync again.
error-fields-unborne = 1C does not know a name set in [onec.names]: { $settings }. Nothing is read from it.
remedy-fields-unborne = Write the name as 1C calls it, or publish it there; remove the line where the usual name is meant. `sverka doctor` tells which sets and fields 1C has. Then sync again.
error-types-untold = 1C does not tell the type of document of some sales: whether one of them carried balances over (“{ $names }”) is not known, and opening balances are not told from purchases.
remedy-types-untold = Publish the field `Recorder_Type` of the register of sales (the composition of OData, rights of the user), then sync again. A register that one kind of document writes has no such field: opening balances cannot be told from purchases there. The names in `opening_balance` may be right: leave them as they are.
error-opening-types-unnamed = It seems that balances were also carried over by documents that `opening_balance` does not name: { $types }. Their names say so, or they wrote sales once, long ago. Their rows count as purchases for now.
remedy-opening-types-unnamed = Look at these documents in 1C. If they carried balances over, add them to `opening_balance` of [onec.names] ({ $setting }); if they are sales, put them into `purchase_recorders`; if they should not count, into `ignored_recorders`. Then sync again.
error-out-of-range = The sums are too large to be compared: { $cards ->
        [one] { $cards } card
       *[other] { $cards } cards
    }, for example { $example }. Not verified.
remedy-out-of-range = Look at the documents of this card in 1C: an amount or a quantity in them is clearly wrong. Correct it and sync again.
error-other = A newer version of sverka found something that this version cannot describe.
remedy-other = Run `sverka status` with the newer version.
lost-sales = Sales
lost-points = Points
lost-products = Product names
lost-sales-totals = 1C's totals of sales
lost-points-totals = 1C's balances of points
lost-cities = Cities of customers
lost-emails = E-mail addresses of customers
lost-field = Values of a field
notice-finding = ! { $what } { $remedy }

## Queries

error-not-a-terminal = The dashboard needs a terminal: input or output is redirected.
remedy-not-a-terminal = Start sverka in a terminal, or `sverka --plain`: the same in lines. Without the dashboard the commands sync, check, search and status work.
error-terminal-dumb = The dashboard cannot be shown in this terminal: TERM=dumb.
remedy-terminal-dumb = Start `sverka --plain`: the same in lines. Without the dashboard the commands sync, check, search and status work, too.
error-terminal-failed = The terminal does not answer: { $what }.
remedy-terminal-failed = Check the variable TERM, or reconnect.
error-metrics-place = A metrics file cannot be created here: { $path }.
remedy-metrics-place = Choose a file in an existing folder, usually that of the textfile collector: /var/lib/node_exporter/sverka.prom.
error-metrics-not-left = The metrics were not written to { $path }: { $why }.
remedy-metrics-not-left = Let the user of sverka write there, and see that there is room. The command’s own result stands.
error-card-gone = This card is no longer in sverka or in 1C.
remedy-card-gone = Find the customer again: the list may have changed with the last sync.
error-copy-unwritable = Could not write a file to { $path }: { $why }.
remedy-copy-unwritable = Check the permissions and the free space, or copy through the terminal: y.

### doctor

## Names of the checks
doctor-config = Settings
doctor-secret = Password
doctor-name = Server name
doctor-certificate = Server certificate
doctor-connection = Connection
doctor-credentials = Signing in to 1C
doctor-sets = Published 1C tables
doctor-fields = Fields
doctor-ways = Kinds of requests
doctor-virtual-tables = Virtual tables
doctor-recorder-types = Types of documents
doctor-clock = Clock
doctor-timezone = Time zone
doctor-store = Store
doctor-lock = Writing to the store
doctor-engine = Engine

## Outcomes
doctor-skipped = not checked: blocked by the problem above

## Details and remedies
doctor-config-file = read from { $path }
doctor-config-no-file = there is no file, everything comes from variables and defaults
doctor-secret-given = given in the settings
doctor-secret-file = read from { $path }
doctor-secret-command = received from the command
doctor-secret-credential = systemd credential { $name }
doctor-name-found = { $host }: { $addresses }
doctor-certificate-found = valid until { $until }, issued by { $issuer }
doctor-certificate-ends = expires soon, { $until }; issued by { $issuer }
doctor-connection-took = answered in { $time }
doctor-credentials-accepted = the user { $user } was accepted
doctor-sets-found = found: { $found } of { $total }
doctor-sets-missing = not published: { $names }
doctor-fields-found = all fields needed are there
doctor-fields-missing = missing fields: { $names }
doctor-usual-beside = { $key } is “{ $named }”, and 1C has the usual “{ $usual }” too
doctor-ways-offered = every way of asking is offered
doctor-gone-without = { $why } A sync goes on without it
doctor-virtual-tables-found = published: sums are compared with 1C's own
doctor-virtual-tables-missing = 1C does not provide: { $names }. The data stay unverified until `sverka check` compares them
doctor-types-fit = the names given to opening balances fit this base
doctor-types-none = the sales register has no rows yet
types-title = What the documents in 1C's register of sales are taken for
types-asked = Asking 1C which documents write the register of sales…
doctor-types-untold = 1C does not tell the type of document of every row: opening balances cannot be told from purchases and stay unverified.
doctor-type-nameless = (no type)
doctor-type-rows = rows: { $rows }
role-opening-balance = opening balance
role-purchase = purchases
role-ignored = not counted
doctor-remedy-types = Put this line into [onec.names]: { $line }. If one of these documents did not carry balances over, remove it from the line.
doctor-remedy-types-none = If balances were carried over, put that document into opening_balance of [onec.names]; if not, leave the list empty: { $line }
doctor-remedy-types-untold = 1C's totals cannot confirm opening balances here: compare cards line by line with `sverka check`.
doctor-clock-agrees = agrees with the server's clock: { $server }
doctor-clock-differs = { $ours } here, { $server } on the server
doctor-clock-unknown = the server does not tell its time
doctor-timezone-now = { $zone }, it is { $time } there now (time zone database { $version })
doctor-store-found = { $path }, { $bytes }, data version { $generation }
doctor-store-none = { $path }: will be created by the first sync
doctor-lock-free = nobody is
doctor-store-network = { $path } is on a network file system ({ $kind }): locks are not guaranteed there
doctor-remedy-network = Move the store to a disk of this computer: store.path or --store.
doctor-remedy-publish = Ask the administrator of 1C to check that this (for totals, the register itself) is part of the standard OData interface, and that the user has the right to read it.
doctor-remedy-ways-of-proof = Nothing is lost, but a sync cannot verify what it needs this for: `sverka check` and `sverka reconcile --live` compare line by line. If there is a proxy in front of 1C, see that it passes requests on whole.
doctor-remedy-ways = Nothing needs to be done: a sync asks in another way by itself. It takes longer, but no figure is lost.
doctor-remedy-usual-beside = See that the setting names what is meant: figures of another field agree with 1C just as well. Compare one card with what 1C shows; if the usual name is meant, take the line out of [onec.names].
doctor-remedy-names = Set in [onec.names] what it is called in your configuration.
doctor-remedy-certificate = Renew it in time: with an expired certificate sync does not work.
doctor-remedy-unchecked = Set the certificate of the server's authority in onec.ca_file and switch the check on again.
doctor-remedy-clock-days = Correct the clock that is wrong (NTP). They are more than a day apart: until then the period of purchases goes by the earlier one, and balances of points are not verified.
doctor-remedy-clock = Correct the clock that is wrong (NTP). Until then the period of purchases goes by the server's clock.
doctor-remedy-lock = Wait until that process ends, or close it.
doctor-lock-held = in use by process { $pid } on { $host }, since { $since }

### Dashboard

## Panes
pane-stages = Sync
pane-search = Search
pane-customers = Customers
pane-detail = Customer
pane-journal = Journal
pane-journal-warnings = Journal: errors and warnings
pane-journal-errors = Journal: errors only
pane-help = Keys
palette-nothing = Nothing is called so.
pane-palette = Command
pane-explain = Why it differs
pane-portal = Last sync: before and now
pane-line = Line in full
pane-pick = What to copy
pane-raw-answer = 1C's answer as it came
pane-document-types = Document types
side-onec = 1C
side-stored = sverka
side-running = running
pane-recent = Last customers
pane-lines = In detail
pane-reconcile = Reconcile all
pane-export = Write to a file
pane-view = Whom to show
section-comparison = Comparison
section-purchases = Purchases
section-bonus = Points
section-documents = Docs
section-fields = Fields

## Stages and their states
stage-preparing = Preparing
stage-cards = Cards and owners
stage-opening-balances = Opening balances
stage-purchases = Purchases
stage-points = Points
stage-control-totals = 1C's totals
stage-publishing = Publishing
stage-rate = { $rate ->
        [one] { $rate } row/s
       *[other] { $rate } rows/s
    }
stage-rows-of = { $done } of { $total }
stage-retries = retries: { $n }
stage-rowless = no new rows from 1C for { $time }
stage-silent = 1C silent for { $time } (asked for { $what })
stage-silent-until = 1C silent for { $time } (asked for { $what }), gives up after { $patience }
stage-silent-until-short = 1C silent for { $time }: { $what }, up to { $patience }
asked-preparing = what is published
asked-cards = cards and owners
asked-opening-balances = opening balances
asked-purchases = purchases
asked-points = points
asked-control-totals = totals
asked-publishing = nothing
stage-last-retry = retries: { $n }, the last one { $age }: { $why }
repeat-in = retry { $number } of { $of } in { $wait }: { $why }
repeat-unanswered = retry { $number } of { $of } sent, 1C has not answered for { $time }
repeat-now = retry { $number } of { $of }: { $why }
stage-rejected = not read: { $n }

## State of the data and of the sync
status-fresh = data { $age }
status-stale = data { $age } (stale)
status-never = no data yet
status-cards = { $n } { $n ->
        [one] card
       *[other] cards
    }
status-variances = variances: { $n }
status-before-window = with earlier purchases: { $n }
status-reconciled = reconciled: { $n }
status-unverified = not verified: { $n }
status-unlisted = only in 1C: { $n }
status-findings = findings: { $n }
status-viewers = terminals: { $n }
status-errors = errors: { $n }
status-stopping = stopping

## Columns and rows
column-code = Code
column-name = Customer
column-phone = Phone
column-city = City
column-birthday = Birthday
column-total = Total
column-points = Points
column-variance = Variance
column-onec = 1C
column-stored = sverka
row-opening-balance = Opening balance
row-purchases = Purchases
row-total = Total
row-total-onec = Total in 1C
summary-burning = { $points } expire on { $date }
summary-burning-least = till { $day }
summary-burning-short = { $points } till { $day }
summary-opening = { $sum } opening
summary-purchases = { $sum } purchases
summary-before = { $sum } earlier
row-before-window = Earlier
row-before-window-date = Earlier (before { $date })
row-points = Points
row-city = City
row-card = Card
row-email = E-mail
row-barcode = Bar code
mark-equal = matches
mark-deleted = card marked for deletion
mark-invalid = invalid card
mark-packaging = packaging
mark-receipt = receipt
mark-expense = expense
points-disagree = points { $rule }: { $other }
against-live = with 1C line by line, { $age }
against-control-totals = with 1C's totals
against-none = Nothing to compare with

## Search
search-hint = phone, name, city or card
search-found = Found: { $n }
search-kept = Found: { $n } of { $of }
read-by-layout = read as “{ $query }”
read-by-letters = like “{ $query }”
read-by-typo = like “{ $query }”
search-nothing-left = Nobody matches the filter. { $view } chooses who is shown.
search-nothing = Nobody found. Try a part of the name or the last digits of the phone.
search-nothing-left-off = No customers yet: the first sync was stopped at { $percent }. { $sync } goes on with it.
search-nothing-stored = No customers yet. { $sync } starts a sync.
search-nothing-yet = The first sync is running: the list will show here by itself.
owner-cards-others = { $n } more { $n ->
    [one] card
   *[other] cards
}:
owner-cards-sum = Sum of { $n } { $n ->
    [one] card
   *[other] cards
}:
owner-cards-points = points { $points }
owner-cards-key = { $key }: list
detail-nothing = Select a customer.
detail-loading = Reading…
detail-no-purchases = No purchases in this period.
detail-no-such-purchases = No purchase has that. A part of the product, of the date or of the sum is enough.
detail-no-bonus = No points accrued or spent.
detail-no-differences = No variances.
detail-name-none = no name
detail-product-none = no product
detail-reading = Reading { $who }…
check-running = Comparing with 1C, { $time }…
check-running-quietly = Comparing with 1C…
check-trying = Attempt { $attempt }, { $time }: { $why } Esc stops

## Messages in passing
passing-published = Done: { $cards } { $cards ->
        [one] card
       *[other] cards
    }, variances: { $variances }.
dash-paused = Paused since { $at } at { $percent }. The previous data are safe.
passing-reconciled = All reconciled. Cards: { $cards }, variances: { $variances }, not verified: { $unverified }
passing-cancelled = The sync was stopped. The previous data are safe.
passing-sync-elsewhere = Another process is syncing now: what it brings will show here by itself.
passing-checked = { $who }: { $verdict }
passing-theme = Theme: { $theme }
passing-mouse-on = Mouse on. Hold Shift to select text.
passing-mouse-off = Mouse off: select and copy text as usual.
theme-terminal = the terminal's own colours
theme-night = night
theme-day = day
theme-monochrome = no colours
theme-custom = from the file
passing-nothing-to-check = Select a customer first.
settings-changed = The settings file changed: { $keys }. New values hold after sverka is started again.
passing-no-other-cards = This owner has no other cards.
passing-no-fields = The 1C fields have not been read yet. { $open } reads them.
passing-no-request = There is no request to 1C here. { $check } checks line by line.
passing-nothing-to-copy = There is nothing to copy here.
passing-nothing-to-write = There are no cards to write into a file.
passing-no-json = This is not available as JSON. { $copy } copies it as text.
passing-nobody-stored = This customer is not in sverka: there is nobody to show.
passing-answer-differs = The card differs from 1C: check the answer.
passing-answer-points = Points are not verified against 1C.
passing-answer-unverified = Not verified against 1C: check the answer.
passing-copied-again = Copied, characters: { $n }
passing-copied-terminal = Copied through the terminal (OSC 52), characters: { $n }. Did not paste? { $save } — to a file.
passing-copied-tmux = Copied to the tmux and terminal clipboard, characters: { $n }. Did not paste? { $save } — to a file.
passing-copied-file = Written to the file { $path }, characters: { $n }

## Journal
journal-empty = Nothing has happened yet.
journal-sync-started = Sync started
journal-sync-published = Sync done. Cards: { $cards }, variances: { $variances }
journal-engine-back = The engine is there again
journal-engine-came = An engine of the store runs now, and this terminal is attached to it
journal-sync-elsewhere = Another process began to sync
journal-published-elsewhere = Another process updated the data: cards { $cards }, variances { $variances }
journal-cancelled-elsewhere = The sync of another process was stopped
journal-failed-elsewhere = The sync of another process failed: { $code }
journal-sync-failed = Sync failed
journal-sync-cancelled = Sync stopped
journal-store-verified = The store was read again: intact
journal-checked = { $who }, card { $code }: { $verdict }
journal-reconciled = Reconcile all is done. Cards: { $cards }, variances: { $variances }, not verified: { $unverified }
journal-reconcile-cancelled = Reconcile all stopped
journal-export-cancelled = Writing stopped, there is no file
journal-failed = { $message } [{ $code }]
journal-crashed = Internal error: { $job }. The program keeps running.
journal-crashed-at = Internal error: { $job }, { $at }. The program keeps running.
journal-none = Nothing matches.
journal-hint = Enter — in full · letters — search · { $filter } — what matters · { $copy } — copy · Esc — close
journal-hint-middle = Enter — in full · letters — search · { $filter } — what matters · { $copy } — copy
journal-hint-short = Enter — in full · Esc — close
journal-plain = event
journal-warning = warning
journal-error = error
journal-request = Request: { $stage }, retry { $number } of { $of }
journal-request-of = Request: { $set } ({ $stage }), retry { $number } of { $of }
journal-code = Code: { $code }, more in { $page }
journal-run = Earlier run: { $run } (process { $pid })
journal-earlier = Earlier: { $what }
log-checked = Card { $code }: { $verdict }
job-search = search
job-open = reading the customer
job-check = customer check
job-document-types = reading the document types
job-raw-answer = 1C's answer to a request
job-fields = reading the 1C fields
job-portal = reading the last sync
job-reconcile = reconcile all
job-list = reading reconciled cards
job-export = writing a file
job-copy = copying
job-sync = sync
job-status = state of the store
job-watch = watching the store
job-verify = checking the store
job-settings = writing the settings
job-engine = starting the engine
job-keep = saving the screen state
notice-stage-started = { $stage }…
done-preparing = Preparation done
done-cards = Cards and owners: no rows
done-opening-balances = Opening balances: no rows
done-purchases = Purchases: no rows
done-points = Points: no rows
done-control-totals = 1C totals received
done-publishing = Data written
notice-stage-done = { $stage }: { $rows } { $rows ->
        [one] row
       *[other] rows
    } read
notice-retrying = { $stage }, { $repeat }
notice-retrying-of = { $stage } ({ $set }), { $repeat }
notice-rejected = { $set }: row not read, { $key }: “{ $field }” { $why }
notice-filter-refused = 1C cannot filter by { $what }: reading everything and filtering here
notice-otherwise = 1C ({ $set }): { $way }
way-select = fields cannot be listed: rows come whole
way-field = there is no field { $what }: reading without it
way-shared-key = only one type of document writes to the register
way-no-metadata = rows cannot come without their links (odata=nometadata): they come with them
way-order = rows cannot be sorted: reading by short periods, or everything in one request
way-skip = the first rows cannot be skipped ($skip): reading everything in one request
way-top = the number of rows cannot be limited ($top): reading everything in one request
way-active = cannot filter by Active: inactive rows are left out here
way-filter = cannot filter by { $what }: reading everything and filtering here
way-item = a single item cannot be read: reading the whole catalog
way-count = no /$count: getting the number together with a row
way-inline-count = no $inlinecount: counting while reading
way-dimensions = the dimensions of totals have other names
way-condition = totals of one card are not provided: asking for those of all
way-period = totals of a period are not provided: what needs them is not confirmed
way-all-time = balances over all time are not provided: rows with future dates are not confirmed by them
way-width = totals of so long a period are not provided: adding up shorter ones
way-base-sums = totals of the whole base in one row are not provided: asking for those of each card
way-table = { $what } is not provided: it does not confirm the figures
notice-not-published = 1C does not have { $what }: doing without it
notice-field-not-published = 1C has no field “{ $field }” ({ $set }): doing without it
notice-gone-without = { $why } Continuing without it.
notice-new-address = the address of the base has changed: { $what }
notice-command-failed = The command of sync.on_event ended with status { $status }.
notice-command-broke = The command of sync.on_event did not start, or did not end within half a minute.
notice-mirrored = Mirror: shows data version { $generation } and is reconciled; cards and products changed: { $changed }
notice-mirror-differs = The mirror shows data version { $generation } and is not reconciled. { $what } { $remedy }
notice-mirror-failed = The mirror was not brought up to date. { $what } { $remedy }
notice-changed-underneath = { $what }: changed while being read, reading again
notice-totals-contradict = 1C's own totals contradict its rows, which were read three times; cards: { $cards }
notice-going-on = Resuming the interrupted sync (started { $at }): checking that what was read has not changed
notice-sudden-loss = suddenly fewer: { $what }, { $before } before, { $now } now; checking again in { $pause }
notice-loss-taken = the second check showed the same: { $what }, { $before } before, { $now } now; the data are written, make sure this is intended
loss-cards = cards
loss-opening-balances = opening balances
loss-purchases = purchases
loss-bonus-rows = bonus records
loss-money = total of sales, RUB
loss-latest-purchases = purchases, the latest ones missing (a restored backup?)
notice-clocks-differ = The clocks differ: { $ours } here, { $server } on the server. The period of purchases goes by the server's.
notice-full-instead = Full read: { $why }.
notice-delta = Changes: new cards { $listed }, differing totals { $cards }, rows read again { $rows }
notice-delta-is-blind = 1C provides no totals: what was changed before { $since } appears within { $bound } delta syncs
notice-delta-is-blind-to-points = 1C provides no balances of points: points changed before { $since } appear within { $bound } delta syncs
why-full-no-basis = there is nothing to compare with yet
why-full-limit = the number of cards is limited, and a delta sync does not work with that
why-full-other-terms = the base, its names or the period have changed since the last time
why-full-due = a full sync is due
why-full-filters-refused = 1C does not support the filters needed
why-full-unexplained = 1C's totals differ, and reading again does not explain it; cards: { $cards }
why-full-sudden-loss = many data have suddenly disappeared, a full check is needed

## Questions
ask-quit = The sync stops. What was read is kept, the next sync continues from there.
ask-quit-idle = The sync has ended meanwhile: nothing is interrupted.
ask-quit-title = Quit?
ask-quit-base = Reconcile all, or writing the file, is interrupted and will have to start over.
ask-cancel-sync = What was read is kept, the data on the screen stay as they are.
ask-cancel-sync-title = Stop the sync?
ask-first-sync = 1C lets in, the settings are written. The first sync reads everything and may take long; one that was interrupted goes on where it stopped.
ask-first-sync-title = Begin the first sync?

## Footer
key-help = All keys
key-find = Search
key-view = View
key-set-up = Check and save
key-next-field = Next field
key-demo = Demo
key-check = Check
key-explain = Why
key-answer = Answer
key-copy = Copy
key-sync = Sync
key-engine = Engine
key-journal = Journal
key-reconcile = All
key-section = Section
key-open = Open
key-back = Back
key-customer = Customer
key-start = Reconcile all
key-cause = Cause
key-filter = Filter
key-again = Again
key-save = File
key-json = JSON
key-do = Do it
key-choose = Choose
key-whole = In full
key-weight = Level
key-give-up = Give up
key-all-lines = All lines
key-all-cards = All cards
key-yes = Yes
key-no = No
key-quit = Quit

## Help
help-help = show the keys
help-find = go to the search
help-recent = choose among the last ten customers
help-find-line = search the customer's purchases
help-older-query = previous query
help-newer-query = next query
help-palette = type which command is meant
help-view = choose whom to show and in which order
help-filter = list: all, with a variance, not verified, with points
help-cause = in Reconcile all: only the cards of the cause with this number, once more: all
help-city = list: the city of the selected customer, or all cities
help-owner-cards = list: all cards of this owner, or what was listed before
help-sort = sort by the next column
help-turn-round = reverse order
help-sort-by = sort by the column with this number, 0 by best match
help-check = compare the customer with 1C now
help-explain = explain a variance: from the total to the first line that differs
help-raw-answer = 1C's answer to the request for figures or fields
help-portal = last sync: before, now, 1C, variance
help-copy = copy what is shown
help-copy-json = copy the same as JSON
help-save = to a file: what was copied, or what is shown
help-answer = copy the answer to the customer, in a sentence
help-pick = choose what to copy: a phone, a sum…
help-sync = start or stop a sync
help-cancel = stop the sync
help-document-types = document types: which are opening balances, which purchases
help-engine = start the engine again
help-journal = show the journal
help-reconcile = reconcile all: totals, variances, causes, files
help-section = next section
help-previous-section = previous section
help-mask = dots instead of personal data, or the data
help-theme = next theme
help-mouse = switch the mouse on or off
help-set-up = first run: check that 1C lets in and write the settings
help-next-field = first run: next field
help-previous-field = first run: previous field
help-leave-form = first run: give up the check, or leave with nothing written
help-demo = first run: see the demo
help-quit = quit
help-end = quit at once, without asking
help-next-pane = next pane
help-previous-pane = previous pane
help-up = one line up
help-down = one line down
help-page-up = one page up
help-page-down = one page down
help-first = to the beginning
help-last = to the end
help-open = open the customer
help-back = back, or clear the search
help-redraw = redraw the screen
help-suspend = go to the shell; fg comes back
help-yes = yes
help-no = no

## First start
first-run-title = sverka keeps the shop's customers from 1C at hand and proves every sum to the kopeck.
first-run-form = sverka does not know your 1C yet. Fill in three fields: it checks that 1C lets in and writes the settings to { $path }.
first-run-address = 1C address
first-run-user = Login
first-run-password = Password
first-run-address-hint = The address the base is published at: from http:// or https:// to /odata/standard.odata.
first-run-user-hint = A user of 1C with 1C:Enterprise authentication and the right to OData. sverka only reads.
first-run-password-hint = The password stays in the settings file, which nobody but you may read.
first-run-password-given = The environment gives a password already: the field may stay empty.
first-run-entering = Signing in to 1C… { $time }
first-run-types = 1C lets in. Asking which documents record sales… { $time }
first-run-others = No 1C at hand? F7 shows the demo: an invented shop, no settings, no network. `sverka init` writes every setting with its explanation and asks nothing.
first-run-incomplete = The settings file { $path } does not say how to reach 1C yet: { $missing } is not set.
report-label-read = Data of sverka
first-run-edit = Open the file in an editor, fill in url, user and password_file in the section [onec], and start sverka again.
first-run-demo = F7 shows the demo: an invented shop, no settings, no network, nothing left behind.
first-run-doctor = `sverka doctor` checks the settings and says what is still missing.
demo-mark = DEMO
insecure-mark = CERTIFICATE NOT CHECKED

### Reports and commands

## check: whom, when, against what
report-label-customer = Customer
report-label-compared = Compared
report-label-stored = Store
report-marked = { $name } ({ $marks })
report-city-found = { $city } ({ $source })
report-against-live = with 1C, line by line, { $time }
report-against-totals = with 1C's control totals received by the sync
report-against-totals-asked = with 1C's control totals asked for { $time }
report-against-none = with nothing: 1C did not answer
report-stored-at = from { $time }, { $age }
report-stored-stale = from { $time }, { $age }: stale
report-stored-never = none yet
answer-unnamed = You have { $told }.
answer-by-name = { $name }, you have { $told }.
answer-points = { $points } { $n ->
        [one] point
       *[other] points
    }
answer-burning = { $points } of them { $n ->
        [one] expires
       *[other] expire
    } on { $date }
answer-burning-all = { $n ->
        [one] which expires
       *[other] all of which expire
    } on { $date }
answer-total = purchases of { $sum } RUB

## check: the block the shop knows
report-block-purchases = [TOTALS] PURCHASES:
report-block-points = [TOTALS] BONUS POINTS:
report-block-city = [TOTALS] CITY:
report-block-opening = Opening balance (carried over): { $money } RUB
report-block-year = Purchases in the last year: { $money } RUB
report-block-days = { $days ->
        [one] Purchases in the last day: { $money } RUB
       *[other] Purchases in the last { $days } days: { $money } RUB
    }
report-block-history = Purchases over all time: { $money } RUB
report-block-total = TOTAL: { $money } RUB
report-block-points-figure = { $n ->
       *[other] Points: { $points }
    }
report-block-points-unknown = Points: unknown
report-block-city-figure = City: { $city }
report-block-unknown = unknown
report-block-no-city = not given
report-mark-differs = variance { $variance }
report-mark-city-differs = in 1C: { $city }
report-mark-not-stored = not in sverka
report-mark-before-window = { $sum } in 1C beside that: earlier purchases
report-mark-not-in-onec = not in 1C
report-uncompared = not verified: { $why }

## check: the table
report-row-purchases = Purchases ({ $lines } { $lines ->
        [one] line
       *[other] lines
    })
report-city-differs = differs

## check: what differs
report-differences = What differs:
report-difference = { $kind }: 1C { $onec }, sverka { $stored }
report-difference-reason = { $kind } ({ $reason }): 1C { $onec }, sverka { $stored }
report-difference-own-sum = { $kind } ({ $reason }): total { $onec }, rows { $rows }
report-difference-line = line { $line }
report-differences-sum = These lines in all: 1C { $onec }, sverka { $stored }, variance { $variance }
report-doubled-sale = Warning: one sale seems to be recorded twice: { $what }. The setting `ignored_recorders` in [onec.names] excludes a type of document.

## check: points by both rules
report-points-last-record = Points are taken from the last record of the register: { $figure }. The register's balance: { $other }.
report-points-balance = Points are taken as the register's balance: { $figure }. The last record: { $other }.
report-points-balance-onec = The register's balance in 1C: { $balance }.
report-points-disagree = ≠ The two rules give different points. This is information, not a variance from 1C.

## check: what it means and what to do
report-verdict-reconciled-live = Reconciled line by line: matches 1C to the kopeck.
report-verdict-reconciled-live-money = Purchases are reconciled line by line: they match 1C to the kopeck. The points are not confirmed, see above.
report-verdict-reconciled-totals = Reconciled: matches 1C's control totals to the kopeck.
report-verdict-before-window = Since { $date } everything matches. Earlier purchases (before { $date }) of { $money } RUB are only in 1C: its total is greater by that sum.
report-next-before-window = To make the total match too, increase `days` in [sync] (0 is all history) and run `sverka sync`.
report-verdict-variance = Variance from 1C: { $variance } RUB (sverka minus 1C).
report-verdict-variance-other = Variance from 1C: see what is marked above.
report-next-variance-live = Run `sverka sync` and check again: if 1C changed after the sync, the variance disappears.
report-next-variance-opening = If the opening balance was entered in 1C after the sync, run `sverka sync`. If the variance stays, check `opening_balance` in [onec.names]: `sverka doctor` names the document that carried balances over.
report-next-variance-totals-key = { $check } compares line by line and shows which lines differ.
report-next-variance-totals = Check again without --offline: the comparison line by line shows which lines differ.
report-verdict-unverified-none = Not verified: 1C did not answer, the data of sverka are shown.
report-next-unverified-none = Test the connection with `sverka doctor`, then try again.
report-verdict-unverified-totals = Not verified: 1C gave the sync no control totals for this card.
report-next-unverified-names = Correct `opening_balance` in [onec.names]: `sverka doctor` names the document that carried balances over. Then run `sverka sync` and check again.
report-next-unverified-live = Check again in a minute. If it is still not verified, `sverka doctor` names the cause.
report-next-unverified-totals-key = { $check } compares the card line by line.
report-next-unverified-totals = Check again without --offline: the card is then compared line by line.
report-verdict-unverified-rows = Not verified: some rows of 1C could not be read.
report-next-unverified-rows = Find the rows in 1C that the sync named, correct them, run `sverka sync` and check again.
report-verdict-unverified-empty = Not verified: sverka has no data yet, the data of 1C are shown.
report-next-unverified-empty = Run the first sync: `sverka sync`.
report-verdict-unknown-card = The catalog of 1C has no such card: these rows belong to no customer.
report-nobody = Nobody found, neither in sverka nor in 1C. Try a part of the name, the last digits of the phone or the card number.
report-nobody-stored = Nobody found. Try a part of the name, the last digits of the phone or the card number.
report-check-phone-moved = Card { $card } has another phone in 1C now, and this one may be somebody else’s: run `sverka sync` and look it up again.
report-check-cut = Cards shown: { $shown } of { $total }. Narrow the query down.

## reconcile
report-base-totals = The whole base against 1C by control totals, { $time }
report-base-live = The whole base against 1C line by line, { $time }
report-base-nothing = Not reconciled: 1C did not answer
report-base-synced = Data of sverka: from { $time }
report-base-cards = Cards { $cards }: reconciled { $reconciled } · with a variance { $variances } · not verified { $unverified } · with earlier purchases { $before }
report-base-unknown-cards = cards not in the catalog: { $cards }
report-base-other-settings = The data were read under other settings ({ $settings }), and 1C was asked under the present ones: `sverka sync` reads everything under these.
report-base-absolute = Variances regardless of sign: { $money } RUB (without earlier purchases)
report-base-uncompared = Not verified: there is nothing to compare with in 1C, totals of sverka { $money } RUB.
report-base-opening-uncompared = Opening balances not confirmed by 1C's totals: { $money } RUB.
report-base-no-turnovers = 1C does not publish the turnovers of the sales register: there are no totals to compare with. --live compares line by line; `sverka doctor` shows what is not published.
report-base-moving = Cards with sales during the comparison: { $cards }. Their totals are known if their lines were read.
report-base-unread = Cards that differ by sums but whose lines were not read: { $cards }. --worst reads more cards.
report-base-empty-card = (no card)
report-base-unknown = (unknown card)
report-base-unknown-card = (unknown card { $key })
report-base-more = … and { $more } more: all of them are in the file (--format json or xlsx)
report-base-since = { $causes }, since { $date }
report-base-what-to-do = What to do:
report-base-cause = { $cause }, cards: { $cards }.
report-base-written = Rows: { $rows }. Control totals: 1C { $onec }, sverka { $stored }.
report-base-file = Written to { $path }.
report-base-sums = 1C's totals
report-base-opening = opening balances
report-base-listing = cards of the catalog
report-base-comparing = comparing cards
report-base-lines = lines of cards
xlsx-sheet-summary = Summary
xlsx-sheet-cards = Cards
xlsx-sheet-differences = Differences
xlsx-yes = yes
xlsx-verdict = Outcome
xlsx-opening-onec = Opening balance: 1C
xlsx-opening-stored = Opening balance: sverka
xlsx-opening-variance = Opening balance: variance
xlsx-purchases-onec = Purchases: 1C
xlsx-purchases-stored = Purchases: sverka
xlsx-purchases-variance = Purchases: variance
xlsx-lines = Lines
xlsx-total-onec = Total: 1C
xlsx-total-stored = Total: sverka
xlsx-total-variance = Total: variance
xlsx-before-window = Earlier: 1C
xlsx-points-onec = Points: 1C
xlsx-points-stored = Points: sverka
xlsx-causes = Causes
xlsx-since = Since
xlsx-remedy = What to do
xlsx-difference = What differs
xlsx-period = Date and time
xlsx-document-type = Type of document
xlsx-document = Document
xlsx-line = Line
xlsx-onec = 1C
xlsx-stored = sverka
xlsx-reason = Reason
xlsx-totals = Totals
xlsx-compared-at = Compared
xlsx-synced-at = Data of sverka from

## A running sync
report-progress-rows = { $done } { $done ->
        [one] row
       *[other] rows
    }
report-progress-rows-of = { $done } of { $total }
report-progress-rate = { $rate ->
        [one] { $rate } row/s
       *[other] { $rate } rows/s
    }
report-progress-elapsed = { $elapsed } elapsed
report-progress-left = ~{ $left } left
report-progress-retries = retries { $retries }
report-progress-rejected = not read { $rejected }

## The summary of a sync
report-sync-published = Sync done in { $time }: data version { $generation } is written.
report-sync-failed = Sync failed after { $time }. The store keeps data version { $generation }.
report-sync-failed-empty = Sync failed after { $time }. The store is still empty.
report-sync-cancelled = Sync interrupted after { $time }, nothing was changed. The store keeps data version { $generation }.
report-sync-cancelled-empty = Sync interrupted after { $time }, nothing was changed. The store is still empty.
report-sync-holds = Contents
report-cards = Cards
report-opening-balances = Opening balances
report-purchases = Purchases
report-points = Points
report-sync-changes = Sales lines: { $created } added, { $changed } changed, { $removed } removed; { $skipped } not read.
report-sync-traffic = { $requests } requests, { $retries } of them retries; { $bytes } received.
report-sync-delta = Changes: new and changed cards { $listed }; cards read again because of totals { $cards } (rows { $rows }); rows read again { $turned } (the last days and the next 1/{ $bound } of the history). Edits that change no sum appear within { $bound } delta syncs; last full sync: { $full }.
report-sync-times = Time by stage
report-sync-agrees-in-part = The cards that were read match 1C's control totals: no variances. The rest were not compared.
report-sync-agrees = All cards match 1C's control totals: no variances.
report-sync-variances = Cards with a variance: { $n }. `sverka check` shows what exactly differs.
report-sync-before-window = { $n } { $n ->
        [one] card has
       *[other] cards have
    } earlier purchases: 1C's total is greater by their sum. `days` in [sync] sets how far back sverka reads.
report-sync-unverified = Cards not verified: { $n }. `sverka check` compares a card line by line; `sverka doctor` names the cause.
report-sync-skipped = The rows not read are named above: correct them in 1C and sync again.
report-problem = Error: { $message } [{ $code }]
report-remedy = What to do: { $remedy }

## search
report-search-found = Found: { $total } in { $ms } ms
report-search-cut = Shown { $shown } of { $total }: raise --limit or narrow the query down to see the rest
report-search-nothing = Nobody found for “{ $query }”. Try a part of the name, the last digits of the phone or the card number.
answered-by-layout = Read in the other keyboard layout: “{ $query }”
answered-by-letters = Nobody is found by that. In other letters it is like “{ $query }”:
answered-by-typo = Nobody is found by that. It is like “{ $query }”:

## status
report-status-generation = Data version
report-status-synced = Synced
report-status-carried = Cards not read
report-status-carried-of = { $n } of { $of } (`--limit`); data { $read }
report-status-proof = Confirmation
report-status-confirmed = 1C's totals were requested twice and match the data
report-status-unconfirmed = the data as a whole are not confirmed by 1C's totals
report-status-movements = Sales lines
report-status-variances = With a variance
report-status-unverified = Not verified
report-status-settings = Settings
report-status-read-under = were different at the sync: { $settings }
report-status-full = Last full sync
report-status-full-at = { $at }, delta syncs since: { $deltas }
report-status-attention = Needs attention
report-attention-stale = the data are stale
report-attention-clock = the data are dated later than the clock of this computer: this clock or the server's is (or was) wrong
report-attention-last-sync-failed = the last sync failed
report-attention-variances = there are variances
report-attention-unverified = there are cards not verified
report-attention-findings = findings: { $n }, see below
report-attention-other-settings = the data were read under other settings
report-status-engine = Engine
report-status-running = Now
report-status-never = Nothing synced yet: run `sverka sync`.
report-status-checked = Checked apart
report-status-checked-at = { $n } { $n ->
        [one] card
       *[other] cards
    }, the last { $age }
report-status-unlisted = Not in the store
checks-set-aside = The file of the latest comparisons is damaged or another program's. It was set aside: { $path }; a new one was begun. Only marks of comparisons are lost, the data are whole.
checks-unusable = The file of the latest comparisons cannot be used ({ $why }). Marks of comparisons are kept only until the program ends.
report-status-left-off = Unfinished sync
report-status-left-off-at = stopped { $at } at { $percent } in “{ $stage }”; `sverka sync` goes on from there
report-status-runs-now = a sync is running
report-status-runs-at = a sync is running: { $stage }, { $overall }
report-status-last = Last syncs
report-column-started = Started
report-column-took = Took
report-column-outcome = Outcome
report-column-variances = Variances
report-outcome-published = done
report-outcome-failed = failed
report-outcome-failed-code = failed: { $code }
report-outcome-cancelled = interrupted

## doctor
report-doctor-well = Everything needed for a sync is in order.
report-doctor-warnings = A sync is possible; warnings: { $n }.
report-doctor-names = A sync is possible, but nothing can be verified while the settings give opening balances a wrong name.
report-doctor-failures = A sync is not possible; problems: { $n }.

### Dashboard: words of the screen

## State of the whole
dash-state-reconciled = Everything matches 1C
dash-state-in-window = { $days ->
        [one] Matches for the last { $days } day
       *[other] Matches for the last { $days } days
    }
dash-state-damaged = The store is damaged
dash-state-variances = There are variances
dash-state-unverified = Not everything verified
dash-state-stale = Data are stale
dash-state-findings = There are findings
dash-state-no-settings = No settings yet
dash-state-engine-lost = Engine not answering for { $time }
dash-state-engine-lost-short = No engine
dash-state-offline = 1C unavailable for { $time }
dash-state-offline-short = 1C unavailable
dash-state-connecting = Connecting to 1C
dash-state-failed = Sync failed
dash-state-elsewhere = Another process is syncing
dash-state-elsewhere-short = Syncing
dash-state-running = Syncing { $percent }
dash-state-running-whole = Syncing { $percent }
dash-state-first = First sync
dash-state-first-stage = First sync · stage { $n }/{ $of }
dash-state-paused = Sync paused
dash-state-stage = Syncing { $percent } · stage { $n }/{ $of }

## Synchronisation
dash-elapsed = { $time } elapsed
dash-elapsed-left = { $time } elapsed · ~{ $left } left
dash-left = ~{ $left } left
dash-no-rows = no rows yet
dash-no-rows-now = no rows now, peak { $peak }
dash-peak = { $rate }, peak { $peak }
dash-received = received { $bytes }
dash-may-close-engine = The program may be closed: the sync goes on in the engine.
dash-may-close = The program may be closed: the sync goes on from here.
dash-paused-first = Paused since { $at } at { $percent }
dash-runs = syncs
dash-requests = requests: { $n }
dash-retry-in = Next try in { $time }
dash-retry-in-short = in { $time }
dash-retry-keys = { $now } now, { $never } gives up
dash-again = { $key } tries again
dash-go-on = { $key } goes on
dash-refresh = { $key } refreshes
dash-standing-keys = { $sync } compares everything with 1C, { $view } chooses whom to show
dash-first-sync = There has been no sync yet. { $key } starts one
dash-left-off-first = First sync stopped { $at }: at { $percent } in “{ $stage }”
dash-left-off-first-middle = First sync stopped { $at }: { $percent }, “{ $stage }”
dash-left-off-first-short = Stopped { $at }: { $percent }, “{ $stage }”
dash-left-off = full sync stopped { $at } at { $percent }
dash-left-off-kept = What was read is kept: the sync goes on from there.
dash-first-stopped = First sync stopped { $at }, at its very start
dash-first-failed = First sync failed { $at } [{ $code }]
dash-remedy-first-sync = Press F5 to start the first sync.
dash-oldest = not all cards were read: the oldest data are from { $at }
dash-last-synced = Data of { $at }
dash-sync-elsewhere = Another process is syncing
dash-foreign = The result will show up here by itself.
dash-store-elsewhere = Another process holds the store ({ $pid })
dash-movements = sales lines: { $n }
dash-next-sync = next { $at }
dash-next-sync-alone = next sync { $at }
dash-full-at = full sync { $at }
dash-done = Done in { $time }
dash-changes = lines: +{ $created }, ~{ $changed }, −{ $removed }

## Search
dash-milliseconds = { $n } ms
dash-position = { $from }–{ $to } of { $of }

## View
view-show = Show
view-order = Order
view-all = all
view-variances = with a variance
view-unverified = not verified
view-owner-cards = the owner's cards
view-with-points = with points
view-match = by best match
view-any-city = any
view-saved = Views
view-save = save this view
view-forget = forget this view
view-columns = Columns
view-again = Compare

## Comparison
dash-variance = Variance
dash-variance-short = Var.
dash-opening-short = Opening
dash-purchases-short = Purchases
dash-before-window-short = Earlier
dash-total-short = Total
dash-points-short = Points
dash-city-short = City
dash-no-city = none
dash-opening-lower = opening balance
dash-purchases-lower = purchases
dash-total-lower = total
dash-points-lower = points
dash-city-lower = city
dash-reconciled = Matches 1C to the kopeck
dash-with-reserve = { $words }; not verified: { $parts }
dash-sums-with-reserve = The sums match; not verified: { $parts }
dash-was-reconciled = Was equal to 1C; the data are old
dash-before-window-words = Matches; earlier in 1C: { $sum }
dash-not-compared = Nothing to compare with. { $check } compares with 1C now
dash-differs = Differs: { $what }
dash-compared = Compared { $against }
dash-also-rows = line by line { $age }: { $parts }
dash-also-sums = by totals { $age }: { $parts }
dash-also-rest = the rest
dash-check-failed = The check failed, the previous result is shown. { $check } tries again
dash-card = card { $code }

## Sections
dash-bonus-accrued = accrued { $n }
dash-bonus-write-off = to write off { $n }
dash-lines = { $n } { $n ->
        [one] line
       *[other] lines
    }
dash-line-number = no. { $n }
dash-sides = 1C { $onec } · sverka { $stored }
dash-no-documents = No documents.
documents-doubled = Sales recorded twice: { $n } — one day and sum under two types of document.
documents-doubled-mark = twice: { $n }
documents-doubled-remedy = The setting `ignored_recorders` in [onec.names] excludes the superfluous type of document.
chart-best = By month; most in { $month }: { $sum }
chart-best-short = peak { $month }: { $sum }
points-flow = Accrued { $accrued } · spent and expired { $spent }
points-flow-short = + { $accrued } · − { $spent }
points-rules = Last record { $last } · register's balance { $balance }
points-rules-short = record { $last } · balance { $balance }
points-burn = To expire:
points-burn-none = Nothing will expire
fields-ask = Enter — read the fields of the card and its owner from 1C now. They are not stored and not exported; identity documents are not requested.
fields-asked = Reading fields from 1C, { $time }…
fields-none = No fields.
fields-card = Card
fields-owner = Owner

## A line in full
line-product = Product
line-article = Article number
line-packaging = Packaging: not counted among the products, included in the total
line-amount = Amount
line-quantity = Quantity
line-date = Date
line-document = Document
line-recorder = Document key
line-number = Line
line-lines = Lines
line-direction = Kind of movement
line-accrued = Accrued
line-write-off = To write off
line-change = Changes the balance by
line-future = In the future

## Why a customer differs
explain-compared = Compared { $against }
explain-first = First difference:
explain-others = Also differs:
explain-product = Product: { $name }
explain-request = The request that read it:
raw-answer-asked = 1C is answering this request…
raw-answer-whole = 1C's answer now, { $bytes } bytes:
raw-answer-cut = 1C's answer now, the first { $shown } of { $bytes } bytes:
explain-again = The same request in a shell; curl asks for the password:
explain-requests = Requests this is based on:
explain-no-requests = There was no line-by-line comparison with 1C. F4 or r — read the lines from 1C now.
explain-read-before = The lines were read by reconcile all. F4 or r — read them again and see the requests.
explain-rows = { $n } { $n ->
        [one] row
       *[other] rows
    } in the answer

## The last sync, before and after
portal-base = The whole base
portal-before = Before
portal-after = Now
portal-after-at = Synced: { $at }
portal-before-at = Before that: { $at }
portal-no-before = There were no data before it, or they are no longer kept
portal-nothing = There has been no sync yet. F5 — start
portal-sentence = Before{"\u00A0"}{ $before } → now{"\u00A0"}{ $after }; 1C{"\u00A0"}{ $onec }; variance{"\u00A0"}{ $variance }
portal-sentence-first = Now{"\u00A0"}{ $after }; 1C{"\u00A0"}{ $onec }; variance{"\u00A0"}{ $variance }
portal-with-earlier = { $onec }, of which earlier{"\u00A0"}{ $earlier }
portal-without-sums = Cards for which 1C gave no total: { $n }. So 1C's total of the base is unknown.

## The reconciliation of the base
base-what = Every card is compared with 1C: total, purchases, opening balance line by line. If the sums differ, the lines are read: you see which one is to blame.
base-cost = 1C gets about ten requests, plus those for the pages of opening balances and the lines of the cards with a variance: about 14 requests per 20 cards, at most the 1,000 largest variances. The store is not changed.
base-start = Enter: reconcile all now
base-start-live = { $view }: compare all cards line by line. About { $n } requests to 1C, but cities, and points by the last record, are compared as well.
base-running-sums = Reconciling all with 1C, { $time }.
base-running-lines = Reconciling all with 1C line by line, { $time }.
base-step-of = { $what } · { $done } of { $of }
base-by-sums = Compared by 1C's totals: { $time }
base-by-lines = Compared line by line: { $time }
base-by-nothing = Not verified: 1C did not answer
base-synced = data of sverka: { $time }
base-cards = of { $n }
base-total-variance = Total: variance { $variance }
base-untold = No 1C total to rely on for { $cards } { $cards ->
        [one] card
       *[other] cards
    }: nothing to compare { $money } RUB with.
base-contradicted = 1C totals that differ from the sum of their own rows: { $parts }
base-contradicted-part = { $part } (cards: { $cards })
base-total-onec = 1C { $sum }
base-total-earlier = of which earlier { $sum }
base-total-stored = sverka { $sum }
base-causes = Causes
base-before = Earlier
base-only-before = earlier purchases only
base-short-variance = variance
base-short-unverified = not verified
base-short-unknown = no card
base-short-before = earlier
base-short-reconciled = reconciled
base-more-causes = … { $n } more, { $filter } goes through them
base-nobody = No such cards.
base-outdated = There was a sync after it: the data are different now. { $again }: reconcile again
base-failed = Some requests failed, what was read is shown. { $why }
base-no-turnovers = 1C does not publish turnovers: there are no totals to compare with. { $view }: compare line by line
base-unread = Cards with a variance whose lines were not read: { $cards }. { $view }: compare line by line
base-moving = Cards with sales during the comparison: { $cards }
base-again-sums = by 1C's totals: about ten requests
base-again-lines = all cards line by line: about { $n } requests
base-csv = CSV
base-csv-bom = CSV for Excel (with BOM)
base-xlsx = Excel workbook (XLSX)
base-json = JSON by lines
base-table = text with causes
base-writing = Writing to a file: { $format }, { $done } of { $of }
base-written = Rows written: { $rows }. Totals: 1C { $onec }, sverka { $stored }
base-file = File { $name } in { $folder }
base-hint = Enter: why · { $filter }: filter · { $view }: view · { $save }: file · { $again }: again · Esc: back
base-hint-short = Enter: why · { $filter }: filter · { $save }: file · Esc
base-hint-least = Enter · { $filter } · { $save } · Esc
base-hint-busy = { $stop }: stop · Esc: back, the work goes on
base-hint-busy-short = { $stop }: stop · Esc
base-hint-start = Enter: reconcile · Esc: back
base-hint-outdated = { $again }: reconcile again · Esc: back

## The dashboard as lines
plain-commands = Commands: a word or digits — search; a number of the list — show the customer; r — compare them with 1C; e — explain; b — last sync, before and now; s — sync; x — stop it; i — state; q — quit. To search for one letter, begin with a slash.
plain-row = { $n }. { $name }
plain-total = total { $sum }
plain-points = points { $n }
plain-more = and { $n } more. Narrow the query down.
plain-no-such = There is no such number in the list.
plain-first-sync = no data yet; s — sync
plain-nothing = Nothing to show yet.

## Overlays and messages
dash-close = Esc closes
page-hint = Esc — close · { $copy } — copy · { $save } — to a file
page-hint-explain-raw = Esc — close · { $copy } — copy · { $json } — JSON · { $save } — to a file · { $check } — check · { $raw } — 1C's answer
page-hint-fields = Esc — close · { $raw } — 1C's answer as it came
page-hint-explain = Esc — close · { $copy } — copy · { $json } — JSON · { $save } — to a file · { $check } — check
page-hint-reconciled = Enter: the customer · Esc: back · { $copy }: copy · { $json }: JSON · { $save }: file
page-hint-reconciled-short = Enter: the customer · Esc: back
page-hint-entry = Esc — back to the list · { $copy } — copy · { $save } — to a file
page-hint-entry-short = Esc — back to the list
export-hint-personal = Enter: write · Esc: back · the file holds names and phones
export-masked = Dots are on the screen only: the file holds names and phones
export-masked-short = The file holds names and phones
export-hint = Enter: write · Esc: back
pick-hint = Enter — copy · Esc — close
recent-hint = Enter — open · Esc — close
recent-nobody = Nobody was opened yet. Whoever is looked at longer than two seconds is kept here until the program ends.
dash-choose = Enter chooses, Esc closes
dash-message-away = Esc dismisses
key-stop = Stop

## What a comparison covers

means-rows = 1C's rows, line by line
means-turnovers = 1C's turnovers (Turnovers) over all time
means-turnovers-window = 1C's turnovers (Turnovers) since the start of the period
means-balance = 1C's balance of points (Balance)
means-opening-set = a second reading of opening balances
means-catalog = 1C's catalogs
why-not-not-asked = 1C was not asked
why-not-no-answer = 1C did not answer
why-not-not-published = 1C does not publish it
why-not-filter-refused = 1C does not filter these rows
why-not-unreadable-row = some rows of 1C could not be read
why-not-names-in-doubt = it is unclear which documents are opening balances
why-not-points-unknown = the sync did not read the points
why-not-moving = the card changed while it was compared
why-not-rows-alone = 1C's totals do not have it
why-not-nothing-stored = sverka has no data yet
why-not-no-card = one side does not have the card
why-not-opening-beyond-sums = 1C's totals hold less than half of the opening balance: it is counted twice, or nearly all of it was returned
why-not-passed-over = 1C's totals leave out cards that have rows: nothing is known of a card that is not in them
why-not-sum-differs = the total of the period differs: the totals do not tell whether it is the purchases or the opening balance
why-not-older-rows = 1C has earlier rows as well: the totals do not tell opening balances from them
why-not-own-sum = 1C's own total is not the sum of its rows
why-not-carried-over = the last sync did not read this card, and it was read for another period before
why-not-clocks-differ = the clocks are days apart: it is not known of which moment the balance is
why-not-other-rows = the figure is the same, but the rows are different
why-not-other-settings = the data were read under other settings
part-opening-balance = opening balance
part-purchases = purchases
part-total = total
part-points = points
part-city = city
part-card = existence of the card
proof-title = Confirmed by:
proof-compared = { $figures }: { $means }, { $at }
proof-uncompared = { $figures }: not verified — { $why }
proof-settings = opening balances — documents: { $opening }; not counted: { $ignored }
proof-none = none
proof-names = custom names in 1C: { $names }
proof-others = read under other settings ({ $settings }); `sverka sync` reads under the present ones
proof-mixed = some cards were read earlier, under other settings; `sverka sync` without a limit on cards reads all
report-verdict-unverified-settings = Not verified: the data were read under other settings ({ $settings }), and the earlier comparison no longer applies.
report-next-unverified-settings-key = { $sync } reads everything under the present settings. { $check } compares this card line by line.
report-next-unverified-settings = Run `sverka sync` to read everything under the present settings, or check without --offline.
report-verdict-unverified-part = Not fully verified: { $why }.
report-next-unverified-part-key = { $check } compares the card line by line. If it is still not verified, `sverka doctor` names the cause.
report-next-unverified-part = Check again without --offline: the card is then compared line by line. If it is still not verified, `sverka doctor` names the cause.
dash-other-settings = Read under other settings: { $settings }

### The command line

## Commands. The phrase is called after the words of the command.
command-sverka = A shop's customers from 1C:Enterprise at hand, every sum compared with 1C. Without a command: the dashboard.
command-demo = Show the dashboard over a simulated 1C: no settings, no network
command-sync = Read the data from 1C and write them as a new version
command-check = Compare one customer with 1C, line by line
command-reconcile = Compare every customer with 1C: by its totals, then by the lines of those with a variance
command-search = Find customers
command-status = Show data age and counts
command-mirror = Bring the mirror in PostgreSQL up to date and reconcile it
command-store = Maintain the store: check, compact, back up, restore
command-store-check = Read the whole store again and compare it with what was written
command-store-compact = Free the space the file does not need; nobody may read or write it meanwhile
command-store-backup = Copy the data into a file, also during a sync, and read the copy again
command-store-restore = Put a copy made by backup in place of the store; the previous one is renamed, and the next sync reads everything
command-doctor = Check everything a sync needs, and say what to fix
command-engine = Keep the store in sync and serve terminals, scripts and the shop portal
command-simulate = Run the simulated 1C on its own, to try any client with it
command-init = Write a settings file with explanations; an existing file is never overwritten
command-service = Keep sverka running as a service of systemd
command-service-install = Write the unit of the service, enable and start it; shows what it will do first, and asks
command-service-remove = Stop the service and delete its unit; settings and store stay
command-completions = Print the completion script of a shell
command-man = Print the page of the manual, or write the pages of all commands to a folder

## Their options and arguments
option-config = Settings file
option-store = Store file
option-plain = Print lines instead of drawing: for logs, screen readers and simple terminals
option-json = Print JSON on standard output; narration goes to standard error
option-no-engine = Work alone even if an engine of the store is running
option-engine-listen = Also listen for TCP at this address and port; needs a token
option-engine-on-demand = Run in a session of its own and only as long as it is needed, as a dashboard starts it
option-engine-socket = Socket of the engine; if absent, beside the store
option-log-level = What is worth a line of the log
option-log-format = Form of the log's lines; with json a command writes such lines to standard error as well
option-ascii = Draw the dashboard with ASCII characters only
option-low-bandwidth = Update running numbers every two seconds at most, for slow lines
option-help = Show help
option-version = Show the version
option-demo-customers = Customers to invent
option-demo-seed = The number the shop is invented from: the same number gives the same shop
option-demo-headless = Without the dashboard: sync, check the reference customer, and end
option-sync-days = Days of purchases to keep; 0 keeps all history
option-sync-limit = Cards to read; 0 reads all
option-sync-delta = Read only what changed, by 1C's own totals; everything is still read as often as the settings say
option-sync-metrics = Write metrics for Prometheus' textfile collector to this file; it is replaced as a whole
option-sync-accept-base = Accept that the previous data came from another base
option-sync-rebuild = Rename a store that is damaged or written by a newer version, and read everything again
option-mirror-repair = Read every row of the mirror again and mend what differs
option-mirror-drop = Remove the mirror from the database
option-check-phone = Phone, in any notation; the last ten digits are compared
option-check-card = Code of the card, or its bar code
option-check-query = Whatever the command search finds
option-check-offline = Compare with the control totals of the last sync instead of asking 1C now
option-reconcile-only-variances = List only customers with a variance; with --strict also those it counts
option-reconcile-format = How to write it: table — text for reading, csv — a row per customer, json — as by the command check, xlsx — an Excel workbook. If absent, by the file's name, else table
option-reconcile-output = Write to a file, for its owner only; an existing file is never overwritten
option-reconcile-force = Overwrite the file
option-reconcile-bom = Begin CSV with a byte order mark, which Excel needs
option-reconcile-live = Compare every customer line by line: a request or more for every few
option-reconcile-worst = Read the lines of this many customers with the largest variances
option-reconcile-strict = Exit with 1 also when there are earlier purchases or something was not verified
option-reconcile-fail-over = Exit with 1 only when the variances, regardless of sign, exceed this sum in roubles
option-reconcile-metrics = Write metrics for Prometheus' textfile collector to this file; it is replaced as a whole
option-search-words = Words that must all occur, in any field; an empty query finds everybody
option-search-limit = Customers to show; 0 shows all
option-status-strict = Exit with 1 if something needs attention: never synced, stale data, the last sync failed, variances
option-store-backup-file = File of the copy, for its owner only
option-store-backup-force = Replace an earlier copy
option-store-restore-file = File of the copy
option-simulate-port = Port on this computer; 0 takes a free one
option-simulate-customers = Customers to invent
option-simulate-seed = The number the shop is invented from: the same number gives the same shop
option-simulate-lines = Sales lines to invent, at least; if absent, as many as these customers make
option-simulate-now = The day of the simulated clock, YYYY-MM-DD; if absent, today
option-simulate-latency = How many milliseconds every answer waits, as on a line to another town
option-simulate-faults = What goes wrong, and how often
option-service-install-user = Under your own user, with your settings and store, without root
option-service-install-yes = Do it without asking
option-service-install-dry-run = Only show what would be done
option-service-remove-user = The service of your own user
option-service-remove-yes = Do it without asking
option-service-remove-dry-run = Only show what would be done
option-completions-shell = The shell
option-man-folder = Folder for the pages of all commands; if absent, the page of the program itself is printed

## What they take
value-address = ADDRESS
value-code = CODE
value-date = DATE
value-dir = FOLDER
value-file = FILE
value-format = FORMAT
value-level = LEVEL
value-kind-rate = KIND=RATE
value-ms = MILLISECONDS
value-n = NUMBER
value-p = PHONE
value-query = QUERY
value-s = NUMBER
value-shell = SHELL
value-sum = SUM

## The page of help
usage-heading = Usage:
usage-commands = Commands
usage-arguments = Arguments
usage-options = Options
usage-everywhere = Options of every command
usage-dashboard = Options of the dashboard and the demo
usage-command-name = COMMAND
usage-options-name = OPTIONS
usage-default = [default: { $value }]
usage-choices = [choices: { $values }]
usage-exit-codes =
    Exit codes:
      0    done
      1    done, but check or reconcile found a variance, nobody was found, or doctor found a problem
      2    wrong usage or settings
      3    1C unreachable or refusing, or the sync failed (the previous data are safe)
      4    the store cannot be used, or holds no data yet
      130  interrupted

## Wrong usage
usage-mistake = Error: { $what }
usage-hint = Hint: { $hint }
usage-more = All options: { $command } --help
usage-together = “{ $argument }” cannot be used with “{ $other }”
usage-twice = “{ $argument }” can be given only once
usage-no-value = a value is missing: { $argument }
usage-wrong-choice = wrong value “{ $value }”: { $argument }. Choices: { $values }
usage-wrong-value = wrong value “{ $value }”: { $argument }. Expected: { $expected }
usage-no-such-command = there is no command “{ $command }”
usage-missing = required, but missing: { $arguments }
usage-no-such-argument = unexpected or unknown option “{ $argument }”
usage-not-unicode = the command line contains text that is not UTF-8
usage-other = the command line could not be understood
usage-similar = similar: { $words }
usage-as-value = to pass it as a value, put -- before it: -- { $argument }
usage-expected-sum = a sum in roubles such as 100 or 99.50
usage-expected-date = a date YYYY-MM-DD such as 2026-02-04
usage-expected-fault = a kind and a rate such as status-503=0.1
usage-no-such-fault = there is no fault “{ $written }”. Known: { $kinds }; the rate is a number from 0 to 1 such as 0.1
simulate-next = The simulated 1C is running; the line above has its address and password. Put them into the settings file: url and user in [onec], the password into the file of password_file; then `sverka doctor`. Stop with Ctrl+C.

## What a settings file that cannot be parsed has
toml-duplicate = this setting or section is already there above
toml-unclosed = a bracket is not closed
toml-extended = this was a value above, and is a section here
toml-unquoted = a value is needed here: a number, true or false, or text in quotes
toml-quote = a mistake in quoted text: a quote is not closed, or a wrong character after a backslash
toml-equals = there must be = between the name of a setting and its value
toml-value-missing = the value is missing
toml-comma = there must be a comma between values
toml-key = wrong name of a setting
toml-number = a number is written wrongly
toml-date = a date or a time is written wrongly
toml-value = wrong value
toml-extra = there is something superfluous in this line
toml-character = a character that is not allowed
toml-other = it does not follow the rules of TOML

# The engine.

engine-ready = The engine is ready: { $socket }. Stop with Ctrl+C.
engine-ready-tcp = The engine is ready: { $socket } and { $address }. Stop with Ctrl+C.
engine-ended = The engine has ended.
engine-other-version = The engine of this store is of version { $theirs }, this terminal of { $ours }: it works alone. The key of “Engine” begins the engine anew as soon as nothing runs there.
engine-other-settings = The engine of this store runs by other settings: this terminal works alone. The key of “Engine” begins the engine anew as soon as nothing runs there.
engine-not-started = No engine could be started ({ $why }): this terminal works alone.
engine-see-log = the log says why
engine-gone = The engine has ended or stopped answering.
engine-sync-goes-on = The sync goes on in the engine: `sverka status` shows how far it is.
engine-socket-foreign = something else is there that is not a socket
engine-socket-long = the path is too long for a socket (100 characters at most)
engine-certificate-none = there is no certificate as PEM in it
engine-key-none = there is no private key as PEM in it that can be used
engine-key-locked = it is protected by a passphrase
engine-key-other = it does not belong to the certificate
engine-certificate-early = The certificate of the engine { $path } is not valid before { $date }: clients will refuse it. Check the clock of this computer, or name another one with certificate_file in [engine].
engine-certificate-expired = The certificate of the engine { $path } expired at { $date }: clients refuse it. Renew it; the new file is taken up by itself.
engine-certificate-renewed = The engine shows another certificate from now on: { $path }.
engine-told = { $pid }, version { $version }, running for { $uptime }, attached terminals: { $viewers }
engine-told-terminals = namely { $names }
engine-told-memory = memory { $size }
engine-told-next = next sync { $next }
engine-told-lock = process { $process } has been writing to the store since { $since }
engine-told-on-demand = ends when nobody needs it
engine-silent = process { $pid } has the place of the engine and does not answer
engine-silent-remedy = It may be stopped or overloaded. If it stays so, end it (`kill { $pid }`); commands then work alone.
error-engine-running = An engine of the store { $store } is already running (process { $pid }).
remedy-engine-running = Nothing needs to be done: commands ask it by themselves. To run it with other settings, stop that one first.
error-engine-socket = The engine cannot use { $path }: { $why }.
remedy-engine-socket = Name another place with `socket` in [engine] or with --socket: a short path in a folder of your own.
error-engine-listen = The engine cannot listen at { $address }: { $why }.
remedy-engine-listen = Another program may have this port, or this computer may not have this address. Choose another one with `listen` in [engine] or with --listen.
error-engine-open = The engine will not listen at { $address }: others could read tokens and customers on the way.
remedy-engine-open = Name a certificate and its key with certificate_file and key_file in [engine], or use 127.0.0.1 and put a proxy with TLS in front of it. If a proxy is already in front of this address, set behind_proxy = true in [engine].
error-engine-tls-half = Of a certificate and its private key the engine is given only one.
remedy-engine-tls-half = Name both in [engine]: certificate_file and key_file.
error-engine-certificate = The engine cannot use the certificate { $path }: { $why }.
remedy-engine-certificate = Name with certificate_file in [engine] a file that the user of the engine may read: the certificate for this address as PEM, behind it those of the authorities in between.
error-engine-key = The engine cannot use the private key { $path }: { $why }.
remedy-engine-key = Name with key_file in [engine] the key that the certificate was made with, as PEM, without a passphrase, readable for the user of the engine.
error-engine-group = There is no group { $group } on this computer.
remedy-engine-group = Create it, or correct `group` in [engine].
error-engine-token = Cannot read the token of the engine from { $path }: { $why }.
remedy-engine-token = Check token_file and read_token_file in [engine] and the permissions of these files.
error-engine-token-weak = What { $path } holds is not a token: it is too short or too simple.
remedy-engine-token-weak = Make one with `openssl rand -hex 32 > FILE`: one line of at least 128 random bits.
error-engine-token-missing = The engine is to listen for TCP and has no token.
remedy-engine-token-missing = Make one with `openssl rand -hex 32 > FILE` and name it with token_file in [engine].
error-engine-gone = The engine of the store does not answer.
remedy-engine-gone = It is looked for again by itself. The key of “Engine” starts one.
error-engine-lost = The engine ended, or stopped answering, while it was syncing.
remedy-engine-lost = What it had read is kept. Look at `sverka status`; start the engine again, or the sync with --no-engine.
error-api-unauthorized = No token was sent, or not the right one.
remedy-api-unauthorized = Send the header Authorization: Bearer TOKEN with the token from the file named by token_file in [engine].
error-api-forbidden = This is not allowed to you.
remedy-api-forbidden = A reading token only reads; the socket is for its owner, for root and for the group named in [engine].
error-api-host = The engine does not answer to the name in this address.
remedy-api-host = Use localhost or 127.0.0.1. If a proxy is in front of the engine, set behind_proxy = true in [engine].
error-api-tls = This port speaks HTTPS alone.
remedy-api-tls = Write https:// in place of http://. A token that was sent without encryption may have been read on the way: change it.
error-api-not-found = There is nothing at this address.
remedy-api-not-found = The addresses are listed in /openapi.json. Syncs and reconciliations are known until the engine ends.
error-api-method = This address is not asked in this way.
remedy-api-method = /openapi.json tells which methods an address takes.
error-api-bad-request = The request cannot be understood: { $what }.
remedy-api-bad-request = /openapi.json tells what this address takes.
error-api-too-large = The request is too large.
remedy-api-too-large = 64 KiB are the most.
error-api-too-slow = The request took too long to arrive.
remedy-api-too-slow = Send it again: the whole of it within ten seconds.
error-api-busy = Too many syncs are waiting for their turn.
remedy-api-busy = Wait until one ends, or cancel one: GET and DELETE /api/v1/syncs.

## The mirror
mirror-place = Mirror
mirror-lines = Lines of sales
mirror-amount = Sum of sales
mirror-written = Cards and products written
mirror-removed = Cards and products removed
mirror-verified = The mirror is reconciled: the database's own counts and sums equal those of sverka.
mirror-not-verified = The mirror is not reconciled: the database's own counts and sums differ from those of sverka.
mirror-dropped = The mirror has been removed.
mirror-none-to-drop = There is no mirror to remove.
error-mirror-failed = The mirror was not brought up to date ({ $code }).
remedy-mirror-failed = Run sverka mirror: it says why.
doctor-portal = Portal
doctor-mirror-empty = { $version } ({ $flavour }), rights suffice; nothing is written yet
doctor-mirror-found = { $version } ({ $flavour }), rights suffice; data version { $generation } is reconciled
doctor-mirror-unverified = { $version }; data version { $generation } is not reconciled
doctor-remedy-mirror-unverified = Run sverka mirror: it reconciles the mirror and names the cards that differ.
doctor-portal-answers = answers the queries ({ $n }); the login may only read
doctor-portal-may-write = answers the queries ({ $n }), but the login may write as well
doctor-remedy-portal-may-write = The right to select is enough, for sverka only reads: give it a login of its own.
doctor-portal-query = does not answer the query { $key }: { $why }
doctor-remedy-portal-query = Correct the query: it has two columns, by what the portal knows the customer, and the figure; the login must be allowed to read these tables.
mirror-status = Mirror
mirror-status-never = nothing is written yet
mirror-status-current = data version { $generation }, reconciled ({ $at })
mirror-status-behind = data version { $generation }, behind by { $behind } ({ $at })
mirror-status-differs = data version { $generation }, not reconciled ({ $at })
mirror-status-empty = shows nothing
dash-mirror-current = mirror ✓
dash-mirror-shows = data version { $generation }, reconciled
dash-mirror-shows-behind = data version { $generation }, behind by { $behind }
dash-mirror-never = mirror: still empty
dash-mirror-behind = mirror: −{ $behind } versions
dash-mirror-differs = mirror not reconciled
dash-mirror-failed = mirror not updated
dash-mirror-gauge = Mirror
dash-mirror-proving = being reconciled
dash-state-mirror = Updating the mirror
report-attention-mirror = the mirror
error-mirror-not-configured = No mirror is configured.
remedy-mirror-not-configured = Set url in [mirror] of the settings.
error-mirror-address = The address of the mirror cannot be used: { $why }.
remedy-mirror-address = Set url in [mirror] to a URL (postgres://user@host/database) or to pairs (host=… dbname=…); sslmode is verify-full or disable.
error-mirror-password-in-address = The address of the mirror contains a password.
remedy-mirror-password-in-address = Remove it from url and set password_file (or another way to the password) in [mirror].
error-mirror-unreachable = The database of the mirror cannot be reached ({ $host }): { $why }.
remedy-mirror-unreachable = Check the address in [mirror], the network, and that the server runs.
error-mirror-tls = No secure connection to the database of the mirror ({ $host }): { $why }.
remedy-mirror-tls = Turn TLS on at the server, or name its authority with sslrootcert in the address; sslmode=disable sends everything unencrypted.
error-mirror-login = The database of the mirror refused the login.
remedy-mirror-login = Check the user in url and the password in [mirror].
error-mirror-no-database = The server of the mirror has no such database.
remedy-mirror-no-database = Create it, or correct its name in url of [mirror].
error-mirror-rights = The database of the mirror does not allow this: { $why }.
remedy-mirror-rights = Let the login create a schema in the database, or create the schema for it: docs/mirror.md lists the rights.
error-mirror-full = The database of the mirror has no room: { $why }. Readers still see the previous data version.
remedy-mirror-full = Make room on the server; the next run continues.
error-mirror-lost = The connection to the database of the mirror broke several times: { $why }. Readers see one whole data version.
remedy-mirror-lost = Run it again; whatever was left unfinished is cleaned up first.
error-mirror-busy = Another sverka is writing to the mirror: { $holder }.
remedy-mirror-busy = Wait until it ends; two of them need two schemas.
error-mirror-not-ours = The schema of the mirror holds something else ({ $table }); nothing was touched.
remedy-mirror-not-ours = Name an empty schema in schema of [mirror], or move what is there.
error-mirror-another-base = The mirror belongs to another base: { $address }; nothing was touched.
remedy-mirror-another-base = Name another schema in [mirror], or remove the mirror with the sverka that fills it (sverka mirror --drop).
error-mirror-newer = The mirror has a newer data version than the store: { $generation }, read { $at }.
remedy-mirror-newer = Another sverka fills it, or the store is an older copy: sync, or take the mirror over with sverka mirror --repair.
error-mirror-format = The mirror was made by a newer sverka (version { $found } of the schema).
remedy-mirror-format = Update sverka on this machine.
error-mirror-altered = A table of the mirror was altered: { $table }, column { $what }.
remedy-mirror-altered = sverka mirror --repair makes the tables anew; until they are filled readers see nothing.
error-mirror-refused = The database of the mirror refused ({ $sqlstate }): { $why }.
remedy-mirror-refused = See its log; a trigger or a rule added by hand may stand in the way.
error-mirror-rows = The store changed while it was being mirrored, or cannot be read whole.
remedy-mirror-rows = Run it again; if that does not help, sverka store check.
error-mirror-differs = The mirror differs from sverka (in the database ≠ in sverka): { $sums }. Cards: { $n } ({ $cards }).
remedy-mirror-differs = sverka mirror --repair reads it all again and mends it; then find out who edits it.
portal-beside = The portal beside 1C and sverka
portal-agrees = The portal shows what 1C says.
portal-not-asked = The portal was not asked ({ $code }): docs/errors.md says what to do.
portal-cause-missing-customer = The portal does not have this customer: its import of customers skipped the card, or does not read it (portal-missing-customer).
portal-cause-doubled = The portal has this twice: look for a second row of the customer, or purchases imported twice (portal-doubled).
portal-cause-missing-opening-balance = The portal's total lacks the opening balance: import the documents that carried balances over as well, or read the mirror (portal-missing-opening-balance).
portal-cause-lag = The portal shows the previous data version: its import is due, or stopped (portal-lag).
portal-cause-total = The portal's total differs for another reason: compare its purchases with the lines above (portal-total).
portal-cause-points = The portal's points differ: it goes by another rule, or its import is due (portal-points).
portal-cause-city = The portal's city differs (portal-city).
dash-portal = The portal shows { $total }: { $why }
dash-portal-equal = the portal shows the same
portal-cause-short-missing-customer = no such customer
portal-cause-short-doubled = doubled
portal-cause-short-missing-opening-balance = no opening balance
portal-cause-short-lag = the previous data version
portal-cause-short-total = another total
portal-cause-short-points = other points
portal-cause-short-city = another city
portal-base-equal = The portal shows what 1C says on { $equal ->
        [one] { $equal } card
       *[other] { $equal } cards
    } of { $cards }
portal-base-cause = Portal: { $cause } — { $cards ->
        [one] { $cards } card
       *[other] { $cards } cards
    }
portal-base-cause-money = Portal: { $cause } — { $cards ->
        [one] { $cards } card
       *[other] { $cards } cards
    }, { $money }
xlsx-portal-total = Portal: total
xlsx-portal-variance = Portal: variance
xlsx-portal-points = Portal: points
xlsx-portal-city = Portal: city
xlsx-portal-causes = Portal: causes
column-portal = Portal
