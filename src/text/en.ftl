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
age-ahead = dated ahead of this machine's clock
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
verdict-before-window = purchases before the window
verdict-variance = variance
verdict-unverified = not verified
verdict-unknown-card = no such card

## Kinds of differences
difference-missing-opening-balance = opening balance missing in the store
difference-missing-line = line missing in the store
difference-extra-line = line only in the store
difference-changed-line = line changed
difference-before-window = purchases before the window
difference-missing-card = card missing in the store
difference-extra-card = card missing in 1C
difference-doubled-sale = sale recorded twice
difference-city = different city
difference-points = different points
difference-unknown-card = rows of a card that the catalog does not have
difference-unexplained = the sums differ and no line explains it
difference-unexplained-points = the points differ and no line explains it

## Why
reason-gone = 1C no longer has this line
reason-inactive = the line is no longer active in 1C
reason-amount = another amount
reason-period = another date
reason-product = another product or quantity
reason-kind = another kind: opening balance or purchase
reason-unnamed = there are rows, and no document of this base bears the name in opening_balance
reason-own-sum = 1C's own total is not the sum of its lines
reason-unreadable = not all rows of 1C could be read

## Causes and what to do about them
cause-missing-opening-balance = opening balance missing in the store
cause-missing-card = card missing in the store
cause-extra-card = card missing in 1C
cause-missing-lines = lines missing in the store
cause-gone-lines = lines 1C no longer has
cause-inactive-lines = lines no longer active in 1C
cause-changed-lines = lines changed in 1C
cause-own-sum = 1C's own total is not the sum of its lines
cause-unreadable-rows = not all rows of 1C could be read
cause-unexplained = sums differ, lines not read
cause-points = different points
cause-city = different city
cause-before-window = purchases before the window
cause-unknown-card = rows of a card the catalog does not have
cause-doubled-sale = sale recorded twice
cause-remedy-missing-opening-balance = Check opening_balance in [onec.names]: it must name the document that carries balances over; then run `sverka sync`.
cause-remedy-missing-card = The card is new in 1C: run `sverka sync`.
cause-remedy-extra-card = The card was deleted in 1C: run `sverka sync`, and ask who deleted it.
cause-remedy-missing-lines = Sales came after the last sync: run `sverka sync`.
cause-remedy-gone-lines = Documents were deleted or unposted in 1C: run `sverka sync`.
cause-remedy-inactive-lines = The rows are inactive in 1C: run `sverka sync`; if that is a mistake, post the documents again.
cause-remedy-changed-lines = Documents were corrected in 1C: run `sverka sync`.
cause-remedy-own-sum = Have the administrator of 1C recalculate the totals of the register.
cause-remedy-unreadable-rows = Find the rows in 1C that the sync named, correct them and run `sverka sync`.
cause-remedy-unexplained = `sverka check` names the lines of one card; --worst reads those of more.
cause-remedy-points = Run `sverka sync`; if points differ again, check rule in [points].
cause-remedy-city = The address was changed in 1C: run `sverka sync`.
cause-remedy-before-window = To make the totals equal too, raise days in [sync] (0 is all history) and run `sverka sync`.
cause-remedy-unknown-card = Find the documents in 1C by the lines and put the right card in.
cause-remedy-doubled-sale = If it is one sale, leave one type of document out with ignored_recorders in [onec.names].

## Rules of points
points-rule-last-record = by the last record
points-rule-register-balance = by the balance of the register

## Sources of a town
city-source-main-details-line-3 = from the main details, line 3
city-source-address-street = from the address
city-source-contact-info = from the contact information

### Settings

## Where a setting stands
place-file = { $path }, line { $line }, column { $column }
place-variable = variable { $name }
place-option = option { $name }

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
expected-some-duration = a span of time longer than nothing, such as "10s" or "4h"
expected-zone = a time zone such as "Europe/Moscow"
expected-zone-nearest = a time zone; the nearest is "{ $nearest }"
expected-one-of = one of: { $words }
expected-user = a login that is not empty and has no colon
expected-password = a password without control characters
expected-proxy = the address of a proxy, beginning with http:// or https://
expected-credential = the name of a credential, without a slash

## What the system says
system-not-found = there is no such file
system-permission = permission denied
system-folder = it is a folder, not a file
system-not-folder = a file lies where a folder should be
system-not-text = it is not text in UTF-8
system-full = no space left on the disk
system-quota = the quota of this user on the disk is used up
system-file-limit = the file may not become larger here (`ulimit -f`, or the file system)
system-no-reader = whoever read it went away
system-too-large = too large
system-read-only = the disk is read-only
system-other = a failure of the system ({ $kind })

## Errors of settings
error-config-unreadable = Cannot read the settings { $path }: { $why }.
remedy-config-unreadable = Check the path and the rights. `sverka init` writes new settings.
error-config-syntax = The settings have a syntax error: { $at }: { $message }.
remedy-config-syntax = Fix this line. config.toml.example shows every setting, toml.io the rules of writing.
error-config-unknown-key = Unknown setting { $key }: { $at }.
remedy-config-unknown-key = Remove it or correct its name. config.toml.example lists every setting.
error-config-unknown-key-nearest = Unknown setting { $key }: { $at }.
remedy-config-unknown-key-nearest = Did you mean { $nearest }?
error-config-wrong-value = Wrong value of { $key }: { $at }.
remedy-config-wrong-value = Needed here: { $expected }.
error-config-address = { $key } is not the address of an OData service: { $at }.
remedy-config-address = Write the whole address, from http:// or https:// to /odata/standard.odata, such as https://1c.example.ru/base/odata/standard.odata.
error-config-address-scheme = The address { $key } begins neither with http:// nor with https://: { $at }.
remedy-config-address-scheme = Begin the address with https:// or http://.
error-config-address-ending = The address { $key } does not end in /odata/standard.odata: { $at }.
remedy-config-address-ending = Put /odata/standard.odata after the address of the infobase, and nothing after it.
error-config-address-query = The address { $key } goes on after a ? or #: { $at }.
remedy-config-address-query = End the address with /odata/standard.odata: sverka makes the queries itself.
error-config-address-credentials = The address { $key } contains a login or a password: { $at }.
remedy-config-address-credentials = Take them out of the address. onec.user and onec.password_file are for signing in to 1C.
error-config-secret-twice = The password is given twice: { $first } ({ $first-at }) and { $second } ({ $second-at }).
remedy-config-secret-twice = Keep one of them.
error-config-token = The token cannot be read: { $at }.
remedy-config-token = It should be “user:password” in UTF-8, encoded in base64, with or without “Basic ” before it.
error-config-no-key = No key is called “{ $written }”, setting { $key }: { $at }.
remedy-config-no-key = Keys are written so: F8, q, Ctrl+L, Alt+Up, Shift+Tab, Space, PgDn.
error-config-key-taken = The key { $written } of the setting { $key } is taken by { $other }: { $at }.
remedy-config-key-taken = Choose another key, or give { $other } other keys, too.
error-config-key-reserved = The setting { $key } cannot have the key { $written }: { $at }.
remedy-config-key-reserved = Choose another key: this one always ends the program.
error-config-not-unicode = The variable { $name } is not UTF-8.
remedy-config-not-unicode = Set it again in UTF-8 or put it into the settings.
error-config-missing = There is no way to reach 1C yet: { $key } is not set.
remedy-config-missing = Write the settings with `sverka init` and fill in { $key }, or set the variable { $variable }. `sverka demo` shows the program without 1C.
error-config-missing-password = There is no password for 1C.
remedy-config-missing-password = Set onec.password_file or onec.password_command in the settings (`sverka init` writes them), or the variable SVERKA_ONEC__PASSWORD. `sverka demo` shows the program without 1C.
error-config-secret-unreadable = Cannot read the password from { $path }: { $why }.
remedy-config-secret-unreadable = Check onec.password_file and the rights to that file.
error-config-secret-command-start = Cannot start the command onec.password_command: { $why }.
remedy-config-secret-command-start = It needs the shell sh: check that it is there and may be run.
error-config-secret-command-deadline = The command onec.password_command gave no password within { $seconds } s.
remedy-config-secret-command-deadline = Run it in a terminal yourself: it must not ask anything.
error-config-secret-command-status = The command onec.password_command failed ({ $status }).
remedy-config-secret-command-status = Run it in a terminal yourself until it prints the password.
error-config-secret-command-signal = The command onec.password_command was ended by a signal.
remedy-config-secret-command-signal = Run it in a terminal yourself until it prints the password.
error-config-no-credential = systemd has handed over no credential { $name }.
remedy-config-no-credential = Give it to the service by LoadCredential={ $name }:/path/to/the/file. Outside the service it does not exist: use onec.password_file there.
error-config-foreign-host = The password ({ $secret-at }) was not given for { $host }, which { $key } names ({ $at }). Nothing was sent.
remedy-config-foreign-host = Set the password where the address is set, or put { $key } beside the password. A password goes to the server it was given for only.
error-config-writable-by-others = Other users can change the configuration { $path }, which names a command, { $key }: they could have their own run.
remedy-config-writable-by-others = Close the file: chmod 600; the folders above it: chmod go-w; its owner must be you or root.
error-config-secret-unusable = What { $key } gave cannot be a password.
remedy-config-secret-unusable = There should be one line of UTF-8, not empty, without control characters.
error-config-no-home = The home folder is not known, so there is no place for the store.
remedy-config-no-home = Set the variable HOME, the setting store.path or the option --store.
error-config-exists = { $path } already exists and was left as it is.
remedy-config-exists = Edit it yourself, or name another place: `sverka init --config FILE`.
error-config-unwritable = Cannot write { $path }: { $why }.
remedy-config-unwritable = Check the rights to the folder, or name another place: `sverka init --config FILE`.
problem-complaint = It said: “{ $text }”.

## Warnings of settings
warning-plain-http = The password and the customers' data travel to { $host } in the clear: the address begins with http://.
warning-any-certificate = The server's certificate is not checked: accept_invalid_certificates is on.
warning-readable-by-others = Every user of this machine can read the file with the password { $path }. Close it: chmod 600.
warning-writable-by-others = Other users of this machine can change the file { $path } (it or a folder above it is open to writing, or it has another owner). Close it: chmod 600, and the folder: chmod go-w.
warning-store-open = Other users of this machine can read or change the store { $path }, which holds personal data. Restrict it: chmod 600.
warning-store-folder-open = Other users of this machine can write to the folder of the store, { $path }. Close it: chmod 700, and the store itself: chmod 600.
warning-ignored-variable = The variable { $name } does not count here: set { $key } instead.
warning-unknown-variable = The variable { $name } is not used.
warning-unknown-variable-nearest = The variable { $name } is not used. Did you mean { $nearest }?
store-set-aside = The store that cannot be used was set aside: { $path }. Everything is read from 1C anew.
store-not-set-aside = The store is whole, nothing is set aside: an ordinary sync.
store-compacted = { $path }: { $before } before, { $after } now.
store-other-names = The file that was replaced has other hard links: { $names } names in all, each of them the same file.
store-backup-examining = Reading the copy through…
store-backup-copying = Copying generation { $generation }, { $cards } cards…
store-backup-again = Reading again what was written…
store-backed-up = Copied: { $path }, { $bytes }, generation { $generation } of { $time } ({ $age }), { $cards } cards, { $rows } rows, all read again.
store-restored = Restored: generation { $generation } of { $time } ({ $age }), { $cards } cards, { $rows } rows, all read again. The next sync reads everything from 1C.
store-restored-aside = The store that was there was set aside: { $path }. Delete it once it is of no use: it is personal data too.
error-backup-unusable = { $path } cannot be restored: { $why }
remedy-backup-unusable = Nothing was touched. Name another copy, or read everything from 1C anew: `sverka sync`.
error-backup-not-made = The copy { $path } could not be made: { $why }
remedy-backup-not-made = Nothing was touched. Check the room and the rights there.
store-check-rows = Rows read
store-check-pages = Pages of the file
store-check-pages-compared = all compared with their checksums
store-check-pages-busy = not looked at: another process is writing to the store
store-check-pages-read-only = not looked at: no right to write
store-check-file = Size of the file
store-check-took = Took
store-check-whole = The store is whole: every row is the one that was published.
store-check-compact = The store is whole, and its file larger than need be: `sverka store compact` gives room back.
init-opening-not-asked = Which document carried balances over in your base `sverka doctor` tells: it proposes the line for opening_balance.
init-opening-untold = 1C did not tell just now which documents write the sales; `sverka doctor` proposes the line for opening_balance.
init-opening-empty = The register of sales has no rows yet; once it has, `sverka doctor` checks the line for opening_balance.
init-opening-usual = Opening balances bear their usual name in this base, nothing to change: { $line }
init-opening-written = Balances were carried over by another document in this base; the settings say: { $line }
init-opening-none = No document of this base carries balances over; the settings say: { $line }
config-written = The settings are written to { $path }. Fill in the address of 1C, the login and the password, then run `sverka doctor`.

### Failures

## 1C. Words of 1C itself are added by problem-said.
problem-said = The server said: “{ $text }”.
error-onec-settings = 1C cannot be reached with these settings: { $what }.
remedy-onec-settings = Correct the settings in [onec].
error-onec-unauthorized = 1C refused the login or the password.
remedy-onec-unauthorized = Check onec.user and the password. Requests have stopped, so that the account is not locked. The user of 1C needs 1C:Enterprise authentication switched on.
error-onec-refused-later = 1C took the login and the password before, and refuses them for “{ $what }”.
remedy-onec-refused-later = If the password was changed meanwhile, correct it in the settings. If it was not, the web server or 1C refuses this account the right to read “{ $what }”: grant it. Requests have stopped, so that the account is not locked.
error-onec-rights = The user of 1C may not read { $what }.
remedy-onec-rights = Ask the administrator of 1C for the right to read this and for access to the standard OData interface (in the usual configurations the role “УдаленныйДоступOData”).
error-onec-maintenance = 1C is closed for now: maintenance or an update.
remedy-onec-maintenance = Wait and try again later. If the work is over, ask the administrator of 1C to lift the block on new sessions. The data of the last sync stay.
error-onec-not-published = 1C does not publish { $what }.
remedy-onec-not-published = Ask the administrator of 1C to add it to the standard OData interface. Where your configuration calls it otherwise, say so in [onec.names].
error-onec-not-offered = 1C answers, and refuses { $what } alone. { $by }
remedy-onec-not-offered = Ask the administrator of 1C whether it is in the standard OData interface, and whether this user may read it. `sverka doctor` tells what else 1C refuses.
error-onec-too-wide = 1C does not answer { $what } in time, not even for a short period.
remedy-onec-too-wide = Nothing needs to be done: figures stay without proof. Where a proxy stands before 1C, let it wait longer for an answer.
error-onec-wrong-address = There is no publication of 1C at this address (status { $status }).
remedy-onec-wrong-address = Check onec.url: the name of the base must be that on the web server.
error-onec-filter-refused = 1C does not filter: { $what }.
remedy-onec-filter-refused = Nothing needs to be done: sverka reads everything and filters itself. It takes longer.
error-onec-bad-request = 1C did not understand the request (status { $status }).
remedy-onec-bad-request = Compare the names in [onec.names] with your configuration: `sverka doctor` tells which fields are missing.
error-onec-address-too-long = The address of the request is too long for the server ({ $length } bytes).
remedy-onec-address-too-long = Shorten onec.url or the names in [onec.names].
error-onec-redirected = The server sends us to another address: { $to }.
remedy-onec-redirected = Put the final address into onec.url. The password is not sent to an address you did not name.
error-onec-not-1c = A web page answers instead of 1C.
remedy-onec-not-1c = Open onec.url in a browser: a proxy, the sign-in page of a network or a wrong address may be in the way.
error-onec-platform-page = The 1C base answered with its own error page instead of data (status { $status }): the OData interface is not switched on in this publication, or the base itself failed.
remedy-onec-platform-page = Ask the administrator of 1C to publish the base on the web server with the standard OData interface switched on, and to look into the event log. The name of the base in onec.url is right.
error-onec-proxy-page = A proxy or a guard of the site answers instead of 1C (status { $status }).
remedy-onec-proxy-page = Ask the administrator of the network to let this machine through to 1C. If a proxy is needed, set onec.proxy.
error-onec-sign-in = A sign-in page answers instead of 1C.
remedy-onec-sign-in = This is not the OData interface: onec.url leads to a sign-in for people, or this account needs another one. Ask the administrator of 1C for the address of OData and a user with a password of 1C. If it is the sign-in of the network itself (a hotel, Wi-Fi), sign in there first.
error-onec-sign-in-redirect = The server wants a sign-in page: { $to }.
remedy-onec-sign-in-redirect = Do not put that page into onec.url: this address or this account is not for OData. Ask the administrator of 1C for the address where OData answers to a login and password of 1C.
error-onec-forbidden = The web server before 1C does not let us in at this address (status { $status }).
remedy-onec-forbidden = Rights in 1C have nothing to do with it: ask the administrator of the web server to allow this machine to reach the publication.
error-onec-web-server = The request did not reach 1C: the web server returned an error (status { $status }).
remedy-onec-web-server = Check onec.url, and look into the log of the web server.
error-onec-gateway = The web server or a proxy got no answer from 1C in time (status { $status }).
remedy-onec-gateway = Check that the server of 1C runs. If 1C is just slow, lower onec.page_size, or ask for a longer timeout on the web server.
error-onec-unreachable-name = The name of the server { $host } was not found.
remedy-onec-unreachable-name = Check onec.url, the network and the VPN.
error-onec-unreachable-refused = The server { $host } refuses connections.
remedy-onec-unreachable-refused = Check that the web server of 1C runs and that the port is right and open.
error-onec-unreachable-timeout = The server { $host } did not answer an attempt to connect.
remedy-onec-unreachable-timeout = Check the network, the VPN and the firewall. onec.connect_timeout sets how long to wait.
error-onec-unreachable-handshake = The server { $host } closed the connection while it was being made secure.
remedy-onec-unreachable-handshake = Try again. If it happens again, the server may know outdated encryption only (so answers IIS of Windows Server 2012 R2 and older), or a firewall cuts the connection: the server has to support TLS 1.2 with ECDHE and AES-GCM, or TLS 1.3.
error-onec-tls-unknown-issuer = The certificate of { $host } comes from an unknown issuer.
remedy-onec-tls-unknown-issuer = If the issuer is your own organisation, set its certificate as onec.ca_file (PEM). If the certificate is self-signed, issue it again with CA:FALSE and the server's name in SAN, and set that as onec.ca_file.
error-onec-tls-authority-as-server = { $host } shows an authority's certificate as the server's own.
remedy-onec-tls-authority-as-server = Issue the server's certificate again with CA:FALSE and the server's name in SAN, then set it as onec.ca_file.
error-onec-tls-expired = The certificate of { $host } has expired.
remedy-onec-tls-expired = Renew the certificate on the server. If it is valid, check the clock of this machine.
error-onec-tls-not-yet-valid = The certificate of { $host } is not valid yet.
remedy-onec-tls-not-yet-valid = Check the clock of this machine, then the dates of the certificate.
error-onec-tls-clock-differs = The certificate of { $host } is valid by the clock of the server and not by that of this machine: { $server } there, { $ours } here.
remedy-onec-tls-clock-differs = Set the clock of this machine (NTP). If it is right, the clock of the server is wrong and the certificate needs renewing.
error-onec-tls-other-name = The certificate of { $host } is not issued to this name.
remedy-onec-tls-other-name = Use a name from the certificate in onec.url, or issue the certificate again for the server's name (field SAN).
error-onec-tls-weak-signature = The certificate of { $host }, or of its issuer, is signed in a way nobody trusts any more.
remedy-onec-tls-weak-signature = Issue the server's certificate again, signed with SHA-256, with an RSA key of 2048 bits or more, or with ECDSA.
error-onec-tls-short-key = The key of the certificate of { $host }, or of its issuer, is too short: { $bits } bits.
remedy-onec-tls-short-key = Issue the server's certificate again, with an RSA key of 2048 bits or more, or with ECDSA.
error-onec-tls-old-server = The server { $host } offers outdated encryption only: there is no way in common.
remedy-onec-tls-old-server = Switch on TLS 1.3, or TLS 1.2 with ECDHE and AES-GCM, on the server. IIS of Windows Server 2012 R2 knows that with an ECDSA certificate only: issue one, update the system, or put a reverse proxy (nginx) before it.
error-onec-tls-not-tls = { $host } does not speak https.
remedy-onec-tls-not-tls = Check the beginning and the port of onec.url: it may be http here.
error-onec-tls-alert = The server { $host } ended the secure connection with the alert { $alert }.
remedy-onec-tls-alert = Look into the log of the web server at this time: it says why. If it asks its clients for a certificate, switch that off for the address of OData: sverka has none.
error-onec-tls-certificate = The certificate of { $host } cannot be accepted: { $what }.
remedy-onec-tls-certificate = Issue the server's certificate again: X.509 version 3, for a server (extended key usage serverAuth), with the server's name in SAN.
error-onec-tls-misbehaved = { $host } does not keep to the rules of TLS: no secure connection came about.
remedy-onec-tls-misbehaved = Often it is something on the way that opens https (antivirus, proxy, balancer): ask 1C past it. Otherwise update the web server.
error-onec-tls-failed = The secure connection to { $host } failed on this machine.
remedy-onec-tls-failed = Try again. If it happens again, restart this machine and keep the output of sverka doctor --json.
error-onec-not-http = The server does not speak http on this port.
remedy-onec-not-http = Check the beginning and the port of onec.url: it is probably https here.
error-onec-no-certificates = This machine has no certificates of trusted authorities.
remedy-onec-no-certificates = Install the package ca-certificates, or set onec.ca_file.
error-onec-timeout = 1C has not answered for { $seconds } s.
remedy-onec-timeout = Try again later. If 1C is just slow, raise onec.read_timeout or lower onec.page_size.
error-onec-cut = The reply of 1C was cut off.
remedy-onec-cut = Sync again. If it happens again, lower onec.page_size and check the proxy.
error-onec-closed = The server closed the connection without an answer.
remedy-onec-closed = Try again. If it happens again, check whether onec.url should begin with https.
error-onec-too-large = The reply of 1C is too large.
remedy-onec-too-large = Lower onec.page_size.
error-onec-empty = The reply of 1C is empty.
remedy-onec-empty = Try again. If it happens again, look into the log of the web server.
error-onec-malformed = The reply of 1C cannot be read ({ $set }): { $what }.
remedy-onec-malformed = Try again. If it happens again, tell the developers of sverka this text and the version of 1C's platform.
error-onec-missing-field = { $set } has no field { $field }.
remedy-onec-missing-field = Say in [onec.names] what your configuration calls this field.
error-onec-server-error = Internal error of 1C (status { $status }).
remedy-onec-server-error = Try again later. If it persists, look into the event log of 1C.
error-onec-busy = 1C is busy (status { $status }).
remedy-onec-busy = Try again later or lower onec.in_flight: 1C may be short of sessions.
error-onec-unexpected-status = An unexpected reply of the server: { $status }.
remedy-onec-unexpected-status = Check onec.url and the web server.
error-onec-network = The connection to 1C failed: { $what }.
remedy-onec-network = Check the network and try again.
set-cards = cards
set-owners = owners of cards
set-products = products
set-sales = the register of sales
set-points = the register of points
set-service = the service itself
problem-gave-up = Tries: { $tries }, all failed.
problem-tls-issuer = Issued by: { $issuer }.
problem-tls-algorithm = Signed by: { $algorithm }.
problem-tls-until = It was valid until { $date }.
problem-tls-from = It is valid from { $date } on.
problem-tls-names = Names in it: { $names }.
problem-tls-no-names = There is no name in its field SAN; the common name (CN) does not count.
problem-tls-malformed = it is damaged or not encoded by the standard
problem-tls-revoked = its issuer has revoked it
problem-tls-revocation-unknown = whether it is revoked cannot be told
problem-tls-critical-extension = it has a critical extension that sverka does not know
problem-tls-purpose = it is not issued for a server
problem-tls-signature = its signature does not hold
problem-tls-constraints = it is beyond what its issuer may issue
problem-tls-version = it is of an outdated version of X.509
problem-tls-unaccepted = it does not pass the check
problem-budget-spent = Too many failures: requests have stopped.

## Exports
error-export-exists = { $path } already exists and was left as it is.
remedy-export-exists = Name another file, or overwrite it: --force.
error-export-unwritable = Cannot write { $path }: { $why }.
remedy-export-unwritable = Check the folder, the rights and the room on the disk. What was there before is untouched.
error-export-terminal = A workbook is not for a terminal.
remedy-export-terminal = Name a file: -o base.xlsx.
error-export-and-metrics = The table and the figures for monitoring were to go into one file: “{ $path }”.
remedy-export-and-metrics = Name two files in -o and --metrics.
error-export-two-formats = --json and --format name two formats.
remedy-export-two-formats = Keep one of them.
error-export-output = Cannot write the result: { $why }.
remedy-export-output = Check where standard output leads.
error-place-own = { $path } is { $what }: nothing is written over it.
remedy-place-own = Name another file.
own-store = a store of sverka
own-note = the note beside the store
own-settings = the configuration
own-secret = the file with the password or the certificate
own-state = a file in which sverka keeps its own state
error-place-foreign = { $path } was not written by sverka and was left as it is.
remedy-place-foreign = Name another file, or remove this one if nobody needs it.
error-place-link = { $path } is a link that leads nowhere.
remedy-place-link = Mend the link, or name the file itself.
error-place-no-file = { $path } is neither a file nor a pipe nor a terminal.
remedy-place-no-file = Name a file.
error-place-no-reader = Nobody reads the pipe { $path }.
remedy-place-no-reader = Start its reader first.

## The store
error-store-not-found = The store holds nothing yet: { $path }.
remedy-store-not-found = Run the first sync: `sverka sync`.
error-store-foreign = { $path } is not a store of sverka.
remedy-store-foreign = The file was left alone. Name another place as store.path or with --store.
error-store-newer = The store { $path } was written by a newer version of sverka.
remedy-store-newer = Update sverka, or name another store with --store. To set the file aside and read everything anew: `sverka sync --rebuild`.
error-store-damaged = The store { $path } is damaged: { $what }.
remedy-store-damaged = Run `sverka sync --rebuild`: the file is set aside and everything is read from 1C anew.
error-store-already-open = Another process is writing to the store { $path }.
remedy-store-already-open = Wait until it is done, or close it. Searching and reading work meanwhile.
error-store-already-open-holder = Another process is writing to the store { $path }: { $pid } on { $host }, since { $since }.
remedy-store-already-open-holder = Wait until it is done, or close it. Searching and reading work meanwhile.
error-store-held = Another process holds the store { $path } and does not let go.
remedy-store-held = Wait until it is done, or end it. Where it is stopped (state T in `ps`), `kill -CONT` wakes it.
error-store-held-holder = Another process holds the store { $path } and does not let go: { $pid } on { $host }, since { $since }.
remedy-store-held-holder = Wait until it is done, or end it. Where it is stopped (state T in `ps`), `kill -CONT` wakes it.
error-store-link-to-nothing = The store { $path } is a link that leads nowhere.
remedy-store-link-to-nothing = Attach the disk it leads to, or mend the link. To begin a new store where it leads: `sverka sync --rebuild`.
error-store-staging = A sync is already running.
remedy-store-staging = Wait until it is done.
error-store-read-only = The store { $path } is open for reading only.
remedy-store-read-only = Close the program that writes to it and try again.
error-store-replaced = The file of the store { $path } was removed, replaced or written over by another program while in use.
remedy-store-replaced = See what lies there now (`sverka store check`), then sync.
error-store-permission = No rights to the store { $path }.
remedy-store-permission = Give yourself the rights to read and write the file and its folder, and see that the disk is not mounted read-only.
error-store-full = No space left on the disk of the store { $path }.
remedy-store-full = Free some space and try again. The earlier data are safe.
error-store-no-room = Too little room beside the store { $path } for a sync: { $free } free, { $needed } needed.
remedy-store-no-room = Free some space and try again. Nothing was written, the earlier data are safe.
error-store-in-use = Another process is reading the store { $path }.
remedy-store-in-use = Close it, a dashboard in another window for one, and try again.
error-store-io = The disk of the store { $path } failed: { $what }.
remedy-store-io = Check the disk and try again. The earlier data are safe.
error-store-reopen = The store { $path } was closed after a failure.
remedy-store-reopen = Start sverka again. The earlier data are safe.
error-store-range = An amount or a quantity of the card { $card } is too large to be kept exactly.
remedy-store-range = Find the mistaken record of this card in 1C and correct it.
error-store-recorder-types = There are more types of documents than any 1C has.
remedy-store-recorder-types = Check onec.url and the name of the sales register in [onec.names].

## A sync
error-sync-changed-too-fast = 1C changes faster than it can be read: { $what }, attempts: { $attempts }.
remedy-sync-changed-too-fast = Try again when there are fewer sales, such as after the shift is closed. The earlier data are safe.
error-sync-count-differs = 1C counts one number of rows and sends another, every time: { $what }, counted { $counted }, received { $received }.
remedy-sync-count-differs = Rows are being left out on the way: look for a limit of rows in the publication of 1C or in a proxy before it. The earlier data are safe.
error-sync-never-still = 1C changes too fast: its totals were compared { $rounds } times and never held still; cards that differed last: { $cards }.
remedy-sync-never-still = Try again when there are fewer sales, such as after the shift is closed. The earlier data are safe.
error-sync-another-base = There is another base at this address: it knows { $known } cards of { $asked }.
remedy-sync-another-base = Check onec.url. If the base was replaced on purpose, run `sverka sync --accept-base` or name another store.
error-sync-empty-answer = 1C sent an empty list ({ $what }), and the store has { $stored } records.
remedy-sync-empty-answer = Check the rights of the 1C user and onec.url; if opening balances are gone, check opening_balance in [onec.names]. The store was left as it is.
error-sync-looks-differ = Much vanished from 1C suddenly ({ $before } before, { $now } now), and two looks at it saw different rows.
remedy-sync-looks-differ = Try again later. If 1C is being restored or repaired, wait until that is done. The earlier data are safe.
error-sync-unreadable = { $rejected } of { $rows } rows cannot be read ({ $set }): { $reasons }. One of them: { $example }.
remedy-sync-unreadable = Look at “{ $field }” of that row in 1C. If it is not the field meant, name the right one in [onec.names]; if something between 1C and sverka rewrites it, mend that. The store was left as it is.
unreadable-reason = “{ $field }” { $why }, rows: { $rows }
unreadable-no-number = is missing or no number
unreadable-not-whole = is no number with two decimal places
unreadable-no-direction = is neither receipt nor expense
unreadable-long-type = is too long a name for a type of document
unreadable-no-period = is no date
unreadable-no-flag = is neither true nor false
error-sync-store-changed = The store was synced while it was compared with 1C.
remedy-sync-store-changed = Wait until the sync is done and try again.
error-sync-cancelled = The sync was interrupted.
remedy-sync-cancelled = The earlier data are safe. Start the sync again when it suits you: what was read is kept.
error-own-mistake = sverka stopped because of a mistake of its own at { $place }.
remedy-own-mistake = Start it again: the data in the store are safe. If it persists, send the developers { $report }.
error-sync-internal = Internal error of sverka: { $what }.
remedy-sync-internal = Try again. If it persists, send the developers this text and the file last-crash.txt from ~/.local/state/sverka.

## Findings: what a sync found that somebody should mend
error-clocks-differ = The clocks are more than a day apart: { $ours } here, { $server } on the server. The window goes by the earlier one, so that no purchase is lost.
remedy-clocks-differ = Set the clock that is wrong (of this machine, of the web server or the proxy before 1C), then sync again.
error-part-lost = { $what } were there before, and 1C no longer sends them: “{ $name }”; full syncs without them: { $syncs }.
remedy-part-lost = Put “{ $name }” back into the composition of the OData interface and give the account the right to read it. Where it is gone for good, nothing is to be done: the third full sync without it is the last that says so.
error-not-by-card = “{ $name }” is not kept by card: rows or sums there: { $rows }, and none names a card of the catalog. Points are unknown.
remedy-not-by-card = Set the field of the card in `points_card` of [onec.names]. Where the register has none, points cannot be told by card.
error-sales-not-by-card = “{ $name }” is not kept by card: rows or sums there: { $rows }, and none names a card of the catalog. Everybody would be shown to have bought nothing; nothing was published.
remedy-sales-not-by-card = Set the field of the card in `sales_card` of [onec.names], or the right catalog in `cards`, then sync again.
error-opening-names-unborne = No document of this base bears the name given to opening balances: “{ $names }”. The sales by card are written by: { $types }.
remedy-opening-names-unborne = Put the document that carried the balances over into `opening_balance` of [onec.names]; where none were carried over, empty the list: `opening_balance = []`. Then sync again.
error-opening-names-left-out = The documents named as opening balances are left out by `ignored_recorders`: “{ $names }”. Opening balances do not count.
remedy-opening-names-left-out = Take this document out of `ignored_recorders` or out of `opening_balance` of [onec.names], then sync again.
error-opening-names-too-broad = A name in `opening_balance` also fits documents of every day: { $types }. Their purchases would count as opening balances.
remedy-opening-names-too-broad = Write the name of the document that carried the balances over in full into `opening_balance` of [onec.names]. If these documents did carry them over, name them in full: { $setting }. Then sync again.
error-ignored-names-unborne = No document of this base bears the name given to `ignored_recorders`: “{ $names }”. Nothing is left out by it. The sales by card are written by: { $types }.
remedy-ignored-names-unborne = Put the document as 1C spells it into `ignored_recorders` of [onec.names], or take the name out. Then sync again.
error-opening-types-unnamed = Balances seem to have been carried over by documents that `opening_balance` does not name: { $types }. Their rows are taken for purchases until it does.
remedy-opening-types-unnamed = If they are opening balances, add them to `opening_balance` of [onec.names] ({ $setting }); if not, and they should not count, put them into `ignored_recorders`. Then sync again.
error-out-of-range = Sums are larger than can be compared on { $cards ->
        [one] { $cards } card
       *[other] { $cards } cards
    }, for example { $example }: not verified.
remedy-out-of-range = Look at the documents of this card in 1C: an amount or a quantity in them is out of all proportion. Correct it and sync again.
error-other = A newer version of sverka found something that this one has no words for.
remedy-other = Run `sverka status` of the newer version.
lost-sales = Sales
lost-points = Points
lost-products = Names of products
lost-sales-totals = 1C's own sums of the sales
lost-points-totals = 1C's own balances of points
lost-cities = Cities of customers
lost-emails = E-mail addresses of customers
lost-field = Values of a field
notice-finding = ! { $what } { $remedy }

## Queries

error-not-a-terminal = The dashboard needs a terminal: input or output is redirected.
remedy-not-a-terminal = Start sverka in a terminal, or `sverka --plain`: the same in lines. The commands sync, check, search and status work without a screen.
error-terminal-dumb = The dashboard cannot be drawn on this terminal: TERM=dumb.
remedy-terminal-dumb = Start `sverka --plain`: the same in lines. The commands sync, check, search and status work without a screen, too.
error-terminal-failed = The terminal does not answer: { $what }.
remedy-terminal-failed = Check the variable TERM, or connect again.
error-metrics-place = A file of metrics cannot be created at { $path }.
remedy-metrics-place = Name a file in a folder that exists, as a rule that of the textfile collector: /var/lib/node_exporter/sverka.prom.
error-metrics-not-left = The metrics could not be written to { $path }: { $why }.
remedy-metrics-not-left = Let the user of sverka write to that folder. The sync itself is not concerned.
error-card-gone = This card is neither in the store nor in 1C any more.
remedy-card-gone = Find the customer again: the list may have changed with the last sync.
error-copy-unwritable = Could not write a file to { $path }: { $why }.
remedy-copy-unwritable = Check the rights and the room on the disk, or copy through the terminal: y.

### doctor

## Names of the checks
doctor-config = Settings
doctor-secret = Password
doctor-name = Name of the server
doctor-certificate = Certificate of the server
doctor-connection = Connection
doctor-credentials = Signing in to 1C
doctor-sets = Published sets
doctor-fields = Fields
doctor-ways = Ways of asking
doctor-virtual-tables = Virtual tables
doctor-recorder-types = Types of document
doctor-clock = Clock
doctor-timezone = Time zone
doctor-store = Store
doctor-lock = Writing to the store

## Outcomes
doctor-skipped = not checked: fix what failed above first

## Details and remedies
doctor-config-file = read from { $path }
doctor-config-no-file = there is no file, all comes from variables and defaults
doctor-secret-given = given in the settings
doctor-secret-file = read from { $path }
doctor-secret-command = printed by the command
doctor-secret-credential = credential { $name } of systemd
doctor-name-found = { $host }: { $addresses }
doctor-certificate-found = valid until { $until }, issued by { $issuer }
doctor-certificate-ends = ends soon, { $until }; issued by { $issuer }
doctor-connection-took = answered in { $time }
doctor-credentials-accepted = the user { $user } was accepted
doctor-sets-found = found: { $found } of { $total }
doctor-sets-missing = not published: { $names }
doctor-fields-found = all fields needed are there
doctor-fields-missing = missing: { $names }
doctor-ways-offered = every way of asking is offered
doctor-gone-without = { $why } A sync goes on without it
doctor-virtual-tables-found = published: sums are compared with 1C's own
doctor-virtual-tables-missing = 1C does not tell: { $names }. The data stay unverified until `sverka check` compares them
doctor-types-fit = the names given to opening balances fit this base
doctor-types-none = the register of sales has no rows yet
doctor-types-untold = 1C does not tell the type of document of every row: opening balances cannot be told from purchases, and are not called reconciled.
doctor-type-nameless = (no type)
doctor-type-rows = rows: { $rows }
role-opening-balance = opening balance
role-purchase = purchases
role-ignored = left out
doctor-remedy-types = Put this line into [onec.names]: { $line }. If one of these documents carried no balances over, take it out of the line.
doctor-remedy-types-none = Where balances were carried over, put that document into opening_balance of [onec.names]; where none were, leave the list empty: { $line }
doctor-remedy-types-untold = 1C's totals cannot prove opening balances here: compare cards line by line with `sverka check`.
doctor-clock-agrees = agrees with the server's: { $server }
doctor-clock-differs = { $ours } here, { $server } on the server
doctor-clock-unknown = the server does not tell its time
doctor-timezone-now = { $zone }, it is { $time } there (database of zones { $version })
doctor-store-found = { $path }, { $bytes }, generation { $generation }
doctor-store-none = { $path }: the first sync makes it
doctor-lock-free = nobody is
doctor-store-network = { $path } lies on a network file system ({ $kind }): locks are not guaranteed there
doctor-remedy-network = Move the store to a disk of this computer: store.path or --store.
doctor-remedy-publish = Ask the administrator of 1C to check that this (for virtual tables, the register itself) is in the standard OData interface, and that the user may read it.
doctor-remedy-ways = Nothing needs to be done: a sync asks otherwise by itself. It takes longer, and no figure is lost.
doctor-remedy-names = Say in [onec.names] what your configuration calls them.
doctor-remedy-certificate = Renew it in time: with an expired certificate no sync works.
doctor-remedy-unchecked = Set the certificate of the server's authority as onec.ca_file and switch the checking on again.
doctor-remedy-clock = Set the clock that is wrong (NTP). Until then a sync computes the window of purchases by the server's clock.
doctor-remedy-lock = Wait until that process is done, or close it.
doctor-lock-held = { $pid } on { $host } is, since { $since }

### Dashboard

## Panes
pane-stages = Sync
pane-search = Search
pane-customers = Customers
pane-detail = Customer
pane-journal = Journal
pane-help = Keys
pane-palette = Command
pane-explain = Why
pane-portal = Last sync: before and after
pane-line = The whole line
pane-pick = What to copy
pane-reconcile = The whole base
pane-export = Write a file
pane-view = View
section-comparison = Compare
section-purchases = Purchases
section-bonus = Points
section-documents = Docs
section-fields = Fields

## Stages and their states
stage-preparing = Preparing
stage-cards = Cards
stage-opening-balances = Opening balances
stage-purchases = Purchases
stage-points = Points
stage-control-totals = 1C's totals
stage-publishing = Publishing
stage-rate = { $rate } rows/s
stage-left = { $time } left
stage-retries = retries: { $n }
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
status-before-window = bought before the window: { $n }
status-reconciled = reconciled: { $n }
status-unverified = not verified: { $n }
status-unlisted = in 1C, not in the list: { $n }
status-findings = to mend: { $n }
status-errors = errors: { $n }
status-stopping = stopping

## Columns and rows
column-code = Code
column-name = Name
column-phone = Phone
column-city = City
column-birthday = Birthday
column-total = Total
column-points = Points
column-variance = Variance
column-onec = 1C
column-stored = Store
row-opening-balance = Opening balance
row-purchases = Purchases
row-total = Total
row-total-onec = Total in 1C
summary-burning = { $points } expire on { $date }
summary-burning-short = { $points } till { $day }
summary-opening = { $sum } opening
summary-purchases = { $sum } purchases
summary-before = { $sum } earlier
row-before-window = Before the window
row-points = Points
row-city = City
row-card = Card
row-email = E-mail
row-barcode = Bar code
mark-equal = equal
mark-deleted = marked for deletion
mark-invalid = card invalid
mark-packaging = packaging
mark-receipt = receipt
mark-expense = expense
points-disagree = otherwise { $other } { $rule }
against-live = with 1C line by line, { $age }
against-control-totals = with 1C's totals
against-none = Nothing to compare with

## Search
search-hint = phone, name, city or card
search-found = { $n } found
search-kept = { $n } of { $of } found
search-read-as = read as “{ $query }”
search-nothing-left = The filter leaves nobody. { $view } chooses who is shown.
search-nothing = Nobody found. Try a part of the name or the last digits of the phone.
search-nothing-stored = No customers yet. { $sync } syncs.
detail-nothing = Select a customer.
detail-loading = Reading…
detail-no-purchases = No purchases in the window.
detail-no-bonus = No movements of points.
detail-no-differences = Nothing differs.
detail-name-none = no name
detail-product-none = no product
check-running = Comparing with 1C, { $time }…
check-running-quietly = Comparing with 1C…
check-trying = Attempt { $attempt }, { $time }: { $why } Esc stops

## Messages in passing
passing-published = Done: { $cards } { $cards ->
        [one] card
       *[other] cards
    }, variances: { $variances }.
dash-paused = Paused since { $at } at { $percent }. The earlier data are safe.
passing-cancelled = The sync was stopped. The earlier data are safe.
passing-sync-elsewhere = Another process is syncing now: what it brings will show here by itself.
passing-checked = { $who }: { $verdict }
passing-theme = Theme: { $theme }
passing-mouse-on = The mouse acts here. Hold Shift to select text.
passing-mouse-off = The mouse is the terminal's again: select and copy as usual.
theme-terminal = the terminal's own colours
theme-night = night
theme-monochrome = no colours
passing-nothing-to-check = Select a customer first.
passing-nothing-to-copy = There is nothing to copy here.
passing-nobody-stored = The store does not have this customer: there is nobody to show.
passing-copied-terminal = Copied { $n } characters through the terminal (OSC 52). Did not arrive? { $save } — to a file.
passing-copied-tmux = Copied { $n } characters to tmux and the terminal. Did not arrive? { $save } — to a file.
passing-copied-file = Saved { $n } characters to { $path }

## Journal
journal-empty = Nothing has happened yet.
journal-sync-started = The sync began
journal-sync-published = The sync is done: cards { $cards }, variances { $variances }
journal-sync-elsewhere = Another process began to sync
journal-published-elsewhere = Another process updated the data: cards { $cards }, variances { $variances }
journal-cancelled-elsewhere = The sync of another process was stopped
journal-failed-elsewhere = The sync of another process failed: { $code }
journal-sync-failed = The sync failed
journal-sync-cancelled = The sync was stopped
journal-store-verified = The store was read again and is whole
journal-checked = { $who }, card { $code }: { $verdict }
journal-reconciled = Base reconciled: cards { $cards }, variances { $variances }, not verified { $unverified }
journal-reconcile-cancelled = Reconciliation of the base stopped
journal-export-cancelled = Writing stopped, no file was left
journal-failed = { $message } [{ $code }]
journal-crashed = Internal error: { $job }. The program goes on.
journal-crashed-at = Internal error: { $job }, { $at }. The program goes on.
job-search = search
job-open = reading the customer
job-check = check
job-fields = reading 1C's fields
job-portal = reading the last sync
job-reconcile = reconciliation of the base
job-list = reading reconciled cards
job-export = writing a file
job-copy = copying
job-sync = sync
job-status = state of the store
job-watch = watching the store
job-verify = verifying the store
job-settings = writing the settings
job-keep = keeping the state of the screen
notice-stage-started = { $stage }: began
notice-stage-done-empty = { $stage }: done
notice-stage-done = { $stage }: done, { $rows } { $rows ->
        [one] row
       *[other] rows
    }
notice-retrying = { $stage }: attempt { $attempt }: { $why }
notice-rejected = { $set }: row not read, { $key }: “{ $field }” { $why }
notice-filter-refused = 1C does not filter { $what }: reading everything and filtering here
notice-otherwise = 1C ({ $set }): { $way }
way-select = fields cannot be named: rows come whole
way-field = there is no field { $what }: reading without it
way-shared-key = the register is written by one kind of document
way-order = rows cannot be ordered: reading by shorter periods, or all in one request
way-skip = rows cannot be skipped ($skip): reading all in one request
way-active = Active cannot be filtered by: inactive rows are left out here
way-filter = there is no filter by { $what }: reading everything and filtering here
way-item = single items cannot be read: reading the whole catalog
way-count = no /$count: counting beside a row
way-inline-count = no $inlinecount: counting by reading
way-dimensions = dimensions of totals are named otherwise
way-condition = totals of one card are not given: asking for those of all
way-period = totals of a period are not given: what needs them is not confirmed
way-all-time = balances of all time are not given: rows dated ahead are not confirmed by them
way-width = totals of so long a period are not given: adding up shorter ones
way-table = { $what } is not given: figures are not confirmed by it
notice-not-published = 1C does not offer: { $what }
notice-gone-without = { $why } Going on without it.
notice-new-address = the base has a new address: { $what }
notice-changed-underneath = { $what }: changed while being read, reading again
notice-totals-contradict = 1C's own totals contradict its rows, which were read three times; cards: { $cards }
notice-going-on = going on from the attempt of { $at }; what it read is confirmed first
notice-sudden-loss = suddenly fewer: { $what }, { $before } before, { $now } now; looking a second time in { $pause }
notice-loss-taken = the second look found the same: { $what }, { $before } before, { $now } now; published, check that it is meant
loss-cards = cards
loss-opening-balances = opening balances
loss-purchases = purchases
loss-bonus-rows = bonus rows
loss-money = roubles
loss-latest-purchases = purchases, the latest ones missing (a restored backup?)
notice-clocks-differ = The clocks differ: { $ours } here, { $server } on the server. The window goes by the server's.
notice-full-instead = Everything is read: { $why }.
notice-delta = Delta: cards +{ $listed }, by totals { $cards }; rows { $rows }; sum-neutral edits ≤ { $bound } syncs
notice-delta-is-blind = 1C tells no totals: what was changed there before { $since } appears when its turn comes, within { $bound } deltas
notice-delta-is-blind-to-points = 1C tells no balances of points: points changed before { $since } appear when their turn comes, within { $bound } deltas
why-full-no-basis = nothing is stored yet that a delta can build on
why-full-limit = a limit is set, and a delta reads no part
why-full-other-terms = the base, its names or the window are not those of the last sync
why-full-due = a full sync is due (`full_every`)
why-full-filters-refused = 1C does not filter as a delta needs it
why-full-unexplained = 1C's totals differ, and reading again does not explain it; cards: { $cards }
why-full-sudden-loss = much vanished suddenly, and a full sync looks again

## Questions
ask-quit = Quit? The sync stops, what it read is kept, the next one goes on from there.
ask-quit-base = Quit? The reconciliation of the base, or the file being written, is given up and has to begin anew.
ask-cancel-sync = Stop the sync? What was read is kept, and the data on the screen stay as they are.

## Footer
key-help = Help
key-find = Search
key-view = View
key-write-settings = Write settings
key-demo = Demo
key-check = Check
key-explain = Why
key-answer = Answer
key-copy = Copy
key-sync = Sync
key-journal = Journal
key-reconcile = Base
key-section = Section
key-quit = Quit

## Help
help-help = show the keys
help-find = go to the search
help-older-query = the query before
help-newer-query = the query after
help-palette = type which command is meant
help-view = choose who is listed and in which order
help-filter = list: all, variances, not verified, with points
help-city = list: the town of the selected customer, or all towns
help-sort = sort by the next column
help-turn-round = turn the order round
help-sort-by = sort by the column of this number, 0 by match
help-check = check the customer against 1C now
help-explain = explain: from the total to the first line that differs
help-portal = last sync: before, after, 1C, difference
help-copy = copy what is shown
help-copy-json = copy the same as JSON
help-save = to a file: what was copied, or what is shown
help-answer = copy the answer to the customer, in a sentence
help-pick = choose what to copy: a phone, a sum…
help-sync = start or stop a sync
help-cancel = stop the sync
help-journal = show the journal
help-reconcile = the whole base: sums, variances, causes, files
help-section = next section
help-previous-section = previous section
help-mask = show dots instead of personal data, or the data
help-theme = next theme
help-mouse = mouse on or off
help-write-settings = first run: write the settings
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
first-run-no-file = It does not know your 1C yet: there are no settings at { $path }.
first-run-write = Enter writes them there, with every setting explained. Then fill in the address of 1C, the login and the password.
first-run-incomplete = The settings { $path } do not say how to reach 1C yet: { $missing } is missing.
first-run-edit = Open the file in an editor, fill in url, user and password_file in the section [onec], and start sverka again.
first-run-written = Written: { $path }
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
report-against-totals = with 1C's control totals taken by the sync
report-against-none = with nothing: 1C did not answer
report-stored-at = data from { $time }, { $age }
report-stored-stale = data from { $time }, { $age }: stale
report-stored-never = no data

# What a customer is told on the phone.
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
report-mark-not-stored = not in the store
report-mark-not-in-onec = not in 1C
report-uncompared = not compared: { $why }

## check: the table
report-row-purchases = Purchases ({ $lines } { $lines ->
        [one] line
       *[other] lines
    })
report-row-before-window = Purchases before the window
report-city-differs = differs

## check: what differs
report-differences = What differs:
report-difference = { $kind }: 1C { $onec }, store { $stored }
report-difference-reason = { $kind } ({ $reason }): 1C { $onec }, store { $stored }
report-difference-own-sum = { $kind } ({ $reason }): sum { $onec }, rows { $rows }
report-difference-line = line { $line }
report-differences-sum = These lines together: 1C { $onec }, store { $stored }, variance { $variance }
report-doubled-sale = Warning: one sale seems to be recorded twice: { $what }. The setting ignored_recorders in [onec.names] leaves a type of document out.

## check: points by both rules
report-points-last-record = Points are those of the register's last record: { $figure }. Balance of the register: { $other }.
report-points-balance = Points are the balance of the register: { $figure }. Its last record: { $other }.
report-points-balance-onec = Balance of the register in 1C: { $balance }.
report-points-disagree = ≠ The two rules give different points. That is information, not a variance from 1C.

## check: what it means and what to do
report-verdict-reconciled-live = Reconciled line by line: the store equals 1C to the kopeck.
report-verdict-reconciled-live-money = Purchases are reconciled line by line: to the kopeck they equal 1C. The points are not proven, see above.
report-verdict-reconciled-totals = Reconciled: the store equals 1C's control totals to the kopeck.
report-verdict-before-window = All is equal inside the window, but 1C has purchases before { $date } of { $money } RUB that the store does not keep: the total in 1C differs by that sum.
report-next-before-window = To make the total equal too: raise days in [sync] (0 is all history) and run `sverka sync`.
report-verdict-variance = Variance from 1C: { $variance } RUB (store minus 1C).
report-verdict-variance-other = Variance from 1C: see what is marked above.
report-next-variance-live = Run `sverka sync` and check again: where 1C changed after the sync, the variance disappears.
report-next-variance-totals = Check again without --offline: the comparison line by line shows which lines differ.
report-verdict-unverified-none = Not verified: 1C did not answer; this is what the store holds.
report-next-unverified-none = Test the connection with `sverka doctor`, then try again.
report-verdict-unverified-totals = Not verified: 1C gave the sync no control totals for this card.
report-next-unverified-totals = Check again without --offline: the card is then compared line by line.
report-verdict-unverified-rows = Not verified: some rows of 1C could not be read.
report-next-unverified-rows = Find the rows that the sync named in 1C, correct them, run `sverka sync` and check again.
report-verdict-unverified-empty = Not verified: the store holds nothing yet; these are the figures of 1C.
report-next-unverified-empty = Run the first sync: `sverka sync`.
report-verdict-unknown-card = The catalog of 1C has no such card: these rows belong to no customer.
report-nobody = Nobody found, neither in the store nor in 1C.
report-nobody-stored = Nobody found in the store.
report-check-cut = Showing { $shown } cards of { $total }. Narrow the query down.

## reconcile
report-base-totals = Reconciliation of the store with 1C by control totals, { $time }
report-base-live = Reconciliation of the store with 1C line by line, { $time }
report-base-nothing = The store was not reconciled: 1C did not answer
report-base-synced = Store: data from { $time }
report-base-cards = Cards { $cards }: reconciled { $reconciled } · with a variance { $variances } · not verified { $unverified } · purchases before the window { $before }
report-base-unknown-cards = cards missing from the catalog: { $cards }
report-base-other-settings = The store was read under other settings ({ $settings }), and 1C was asked under those of today: `sverka sync` reads all under these.
report-base-absolute = Variances without their signs come to { $money } RUB, purchases before the window aside.
report-base-uncompared = Compared with nothing: totals of { $money } RUB in the store.
report-base-opening-uncompared = Opening balances that the totals of 1C do not prove: { $money } RUB.
report-base-no-turnovers = 1C publishes no turnovers of the sales register, so totals were compared with nothing. --live compares line by line; `sverka doctor` tells what is not published.
report-base-moving = Cards sold to while 1C was asked: { $cards }. Their totals are known where their lines were read.
report-base-unread = Cards that differ by sums, their lines not read: { $cards }. --worst reads those of more cards.
report-base-empty-card = (no card)
report-base-unknown = (unknown card)
report-base-unknown-card = (unknown card { $key })
report-base-more = … and { $more } more: --format json or xlsx lists all
report-base-since = { $causes }, since { $date }
report-base-what-to-do = What to do:
report-base-cause = { $cause }, cards: { $cards }.
report-base-written = Rows: { $rows }. Control sums of the totals: 1C { $onec }, store { $stored }.
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
xlsx-verdict = Verdict
xlsx-opening-onec = Opening balance: 1C
xlsx-opening-stored = Opening balance: store
xlsx-opening-variance = Opening balance: variance
xlsx-purchases-onec = Purchases: 1C
xlsx-purchases-stored = Purchases: store
xlsx-purchases-variance = Purchases: variance
xlsx-lines = Lines
xlsx-total-onec = Total: 1C
xlsx-total-stored = Total: store
xlsx-total-variance = Total: variance
xlsx-before-window = 1C before the window
xlsx-points-onec = Points: 1C
xlsx-points-stored = Points: store
xlsx-causes = Why
xlsx-since = Since
xlsx-remedy = What to do
xlsx-difference = What differs
xlsx-period = Moment
xlsx-document-type = Type of document
xlsx-document = Document
xlsx-line = Line
xlsx-onec = 1C
xlsx-stored = Store
xlsx-reason = Reason
xlsx-totals = Totals
xlsx-compared-at = Compared
xlsx-synced-at = Synced

## A running sync
report-progress-rows = { $done } { $done ->
        [one] row
       *[other] rows
    }
report-progress-rows-of = { $done } of { $total }
report-progress-rate = { $rate } rows/s
report-progress-left = { $left } left
report-progress-retries = retries { $retries }
report-progress-rejected = not read { $rejected }

## The summary of a sync
report-sync-published = Sync done in { $time }: generation { $generation } is published.
report-sync-failed = Sync failed after { $time }. The store keeps generation { $generation }.
report-sync-failed-empty = Sync failed after { $time }. The store is still empty.
report-sync-cancelled = Sync interrupted after { $time }, nothing was changed. The store keeps generation { $generation }.
report-sync-cancelled-empty = Sync interrupted after { $time }, nothing was changed. The store is still empty.
report-sync-holds = Contents
report-cards = Cards
report-opening-balances = Opening balances
report-purchases = Purchases
report-points = Points
report-sync-changes = Sales lines: { $created } created, { $changed } changed, { $removed } removed; { $skipped } not read.
report-sync-traffic = { $requests } requests, { $retries } of them repeats; { $bytes } received.
report-sync-delta = Delta: cards new or changed { $listed }; cards read again by totals { $cards } (rows { $rows }); rows of the last days and of those whose turn it was { $turned }. Edits that change no sum appear within { $bound } deltas; the last full sync was on { $full }.
report-sync-times = Time by stage
report-sync-agrees-in-part = The cards that were read agree with 1C's control totals: no variance. The rest were not looked at.
report-sync-agrees = All cards agree with 1C's control totals: no variance.
report-sync-variances = Cards with a variance: { $n }. `sverka check` shows what differs.
report-sync-before-window = Cards with purchases before the window: { $n }. 1C's total is greater by these; `sync.days` sets the window.
report-sync-unverified = Cards not verified: { $n }. `sverka check` compares line by line; `sverka doctor` tells why there are no control totals.
report-sync-skipped = The rows not read are named above: correct them in 1C and sync again.
report-problem = Error: { $message }
report-remedy = What to do: { $remedy }

## search
report-search-found = Found: { $total } in { $ms } ms
report-search-cut = Showing { $shown } of { $total }: raise --limit or narrow the query for the rest
report-search-nothing = Nothing found for “{ $query }”.
report-search-read-as = Read in the other keyboard layout: “{ $query }”

## status
report-status-generation = Generation
report-status-synced = Synced
report-status-proof = Proof
report-status-confirmed = 1C's totals, asked for twice, equal the data
report-status-unconfirmed = not confirmed by 1C's totals as a whole
report-status-movements = Sales lines
report-status-variances = With a variance
report-status-unverified = Not verified
report-status-settings = Settings
report-status-read-under = were others at the sync: { $settings }
report-status-full = Last full sync
report-status-full-at = { $at }, deltas since: { $deltas }
report-status-attention = Needs attention
report-attention-stale = data are stale
report-attention-clock = the data are dated ahead of this machine's clock: this clock or the server's is or was wrong
report-attention-last-sync-failed = the last sync failed
report-attention-variances = variances
report-attention-unverified = not verified cards
report-attention-findings = findings: { $n }, see below
report-attention-other-settings = data read under other settings
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
report-status-runs-now = a sync is running
report-status-runs-at = a sync is running: { $stage }, { $overall }
report-status-last = Last syncs
report-column-started = Started
report-column-took = Took
report-column-outcome = Outcome
report-column-variances = Variances
report-outcome-published = published
report-outcome-failed = failed
report-outcome-failed-code = failed: { $code }
report-outcome-cancelled = interrupted

## doctor
report-doctor-well = All that a sync needs is in order.
report-doctor-warnings = A sync can work; warnings: { $n }.
report-doctor-names = A sync can work, but proves nothing while the settings give opening balances a wrong name.
report-doctor-failures = A sync cannot work; failures: { $n }.

### Dashboard: words of the screen

## State of the whole
dash-state-reconciled = All reconciled
dash-state-in-window = Equal in the window
dash-state-damaged = The store is damaged
dash-state-variances = Variances found
dash-state-unverified = Not all verified
dash-state-stale = Data are stale
dash-state-findings = Something to mend
dash-state-no-settings = No settings yet
dash-state-offline = 1C unavailable for { $time }
dash-state-offline-short = 1C unavailable
dash-state-connecting = Connecting to 1C
dash-state-failed = The sync failed
dash-state-elsewhere = Another process is syncing
dash-state-elsewhere-short = Syncing
dash-state-running = Syncing { $percent }
dash-state-stage = Syncing { $percent } · stage { $n }/{ $of }

## Synchronisation
dash-elapsed = { $time } so far
dash-requests = requests: { $n }
dash-retry-in = Next try in { $time }
dash-retry-in-short = in { $time }
dash-retry-keys = { $now } now, { $never } gives up
dash-again = { $key } tries again
dash-go-on = { $key } goes on
dash-refresh = { $key } refreshes
dash-standing-keys = { $sync } compares all with 1C, { $view } chooses who is shown
dash-first-sync = Never synced yet. { $key } starts
dash-last-synced = Last sync: { $at }
dash-sync-elsewhere = Another process is syncing
dash-store-elsewhere = Another process holds the store ({ $pid })
dash-movements = movements: { $n }
dash-bound = sum-neutral edits: ≤ { $bound } syncs
dash-full-at = full sync { $at }
dash-done = Done in { $time }
dash-changes = { $created } new, { $changed } changed, { $removed } removed

## Search
dash-milliseconds = { $n } ms
dash-position = { $from }–{ $to } of { $of }

## View
view-show = Show
view-order = Order
view-all = all
view-variances = with variances
view-unverified = not verified
view-with-points = with points
view-match = best match
view-any-city = any
view-again = Compare

## Comparison
dash-variance = Variance
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
dash-reconciled = Equal to 1C to the kopeck
dash-was-reconciled = Was equal to 1C; the data are old
dash-before-window-words = Equal; 1C has { $sum } before the window
dash-not-compared = Nothing to compare with. { $check } checks against 1C now
dash-differs = Differs: { $what }
dash-compared = Compared { $against }
dash-also-rows = line by line { $age }: { $parts }
dash-also-sums = by totals { $age }: { $parts }
dash-also-rest = the rest
dash-check-failed = The check failed, the former result stays. { $check } tries again
dash-card = card { $code }

## Sections
dash-bonus-accrued = accrued { $n }
dash-bonus-write-off = to write off { $n }
dash-lines = { $n } { $n ->
        [one] line
       *[other] lines
    }
dash-line-number = no. { $n }
dash-sides = 1C { $onec } · here { $stored }
dash-no-documents = No documents.
documents-doubled = Sales recorded twice: { $n } — one day and sum under two types of document.
documents-doubled-mark = twice: { $n }
documents-doubled-remedy = The superfluous type is left out by ignored_recorders in [onec.names].
chart-best = By month; most in { $month }: { $sum }
chart-best-short = peak { $month }: { $sum }
points-flow = Accrued { $accrued } · spent and burnt { $spent }
points-flow-short = + { $accrued } · − { $spent }
points-rules = Last record { $last } · register's balance { $balance }
points-rules-short = record { $last } · balance { $balance }
points-burn = Will burn:
points-burn-none = Nothing will burn
fields-ask = Enter — read the fields of the card and its owner from 1C now. They are not stored and not exported; identity documents are not asked for.
fields-asked = Reading fields from 1C, { $time }…
fields-none = There are no fields.
fields-card = Card
fields-owner = Owner

## A line in full
line-product = Product
line-article = Article
line-packaging = Packaging: not counted among the goods, part of the sum
line-amount = Amount
line-quantity = Quantity
line-date = Date
line-document = Document
line-recorder = Document's key
line-number = Line
line-lines = Lines
line-direction = Kind
line-accrued = Accrued
line-write-off = To be written off
line-change = Changes the balance by
line-future = Still to come

## Why a customer differs
explain-compared = Compared { $against }
explain-first = The first thing that differs:
explain-others = Also differs:
explain-product = Product: { $name }
explain-request = The request that read it:
explain-requests = The requests this rests on:
explain-no-requests = Not compared with 1C line by line. F4 or r — read the lines from 1C now.
explain-read-before = The lines were read when the base was reconciled. F4 or r reads them again and shows the requests.
explain-rows = { $n } { $n ->
        [one] row
       *[other] rows
    } in the reply

## The last sync, before and after
portal-base = The whole base
portal-before = Before
portal-after = After
portal-after-at = Synced: { $at }
portal-before-at = Before that: { $at }
portal-no-before = There was nothing before it, or it is kept no more
portal-nothing = Nothing was synced yet. F5 — start
portal-sentence = Was{"\u00A0"}{ $before } → is{"\u00A0"}{ $after }; 1C{"\u00A0"}{ $onec }; difference{"\u00A0"}{ $variance }
portal-without-sums = Cards 1C gave no sum for: { $n }. So 1C's sum of the base is unknown.

## The reconciliation of the base
base-what = Every card of the store is compared with 1C: total, purchases of the window, opening balances line by line. Where sums differ the lines are read, and the cause is named to the line.
base-cost = 1C gets about ten requests, those for the pages of opening balances, and those for the lines of the cards that differ: about fourteen for twenty cards, a thousand of the worst at most. The store is not changed.
base-start = Enter: reconcile the base now
base-start-live = { $view }: compare all cards line by line. About { $n } requests to 1C; towns, and points by the last record, are compared as well.
base-running-sums = Reconciling the base with 1C, { $time }.
base-running-lines = Reconciling the base with 1C line by line, { $time }.
base-step-of = { $what } · { $done } of { $of }
base-by-sums = Compared by 1C's totals: { $time }
base-by-lines = Compared line by line: { $time }
base-by-nothing = Not reconciled: 1C did not answer
base-synced = data: { $time }
base-cards = of { $n }
base-total-variance = Total: difference { $variance }
base-total-onec = 1C { $sum }
base-total-stored = store { $sum }
base-causes = Why
base-before = Before window
base-only-before = purchases before the window only
base-short-variance = variance
base-short-unverified = not verified
base-short-unknown = no card
base-short-before = before window
base-short-reconciled = reconciled
base-nobody = There are no such cards.
base-outdated = The store was synced since: the cards are others now. { $again }: reconcile again
base-failed = 1C did not answer everything; what is known is shown. { $why }
base-no-turnovers = 1C publishes no turnovers: totals were compared with nothing. { $view }: compare line by line
base-unread = Cards that differ, their lines not read: { $cards }. { $view }: compare line by line
base-moving = Cards sold to while 1C was asked: { $cards }
base-again-sums = by 1C's totals: about ten requests
base-again-lines = all cards line by line: about { $n } requests
base-csv = CSV
base-csv-bom = CSV for Excel (with BOM)
base-xlsx = Excel workbook (XLSX)
base-json = JSON, down to the line
base-table = text with causes
base-writing = Writing a file: { $format }, { $done } of { $of }
base-written = Rows written: { $rows }. Totals: 1C { $onec }, store { $stored }
base-file = File { $name } in { $folder }
base-hint = Enter: why · { $filter }: filter · { $view }: view · { $save }: file · { $again }: again · Esc: back
base-hint-short = Enter: why · { $filter }: filter · { $save }: file · Esc
base-hint-least = Enter · { $filter } · { $save } · Esc
base-hint-busy = { $stop }: stop · Esc: back, the work goes on
base-hint-busy-short = { $stop }: stop · Esc
base-hint-start = Enter: reconcile · Esc: back
base-hint-outdated = { $again }: reconcile again · Esc: back

## The dashboard as lines
plain-commands = Commands: a word or digits — search; a number of the list — show the customer; r — check them against 1C; e — explain; b — last sync, before and after; s — sync; x — stop it; i — state; q — quit. To search for one letter, begin with a slash.
plain-row = { $n }. { $name }
plain-total = total { $sum }
plain-points = points { $n }
plain-more = and { $n } more. Search more narrowly.
plain-no-such = The list has no such number.
plain-first-sync = nothing stored yet; s — sync
plain-nothing = There is nothing to show yet.

## Overlays and messages
dash-question = Question
dash-close = Esc closes
page-hint = Esc — close · { $copy } — copy · { $save } — to a file
page-hint-explain = Esc — close · { $copy } — copy · { $json } — JSON · { $save } — to a file · { $check } — check
page-hint-reconciled = Enter: the customer · Esc: back · { $copy }: copy · { $json }: JSON · { $save }: file
page-hint-reconciled-short = Enter: the customer · Esc: back
export-hint = Enter: write · Esc: back
pick-hint = Enter — copy · Esc — close
dash-choose = Enter chooses, Esc closes
dash-message-away = Esc puts it away
key-stop = Stop

## What a comparison covers

means-rows = 1C's rows, line by line
means-turnovers = 1C's turnovers (Turnovers) over all time
means-turnovers-window = 1C's turnovers (Turnovers) from the window's start
means-balance = 1C's balance of points (Balance)
means-opening-set = opening balances read a second time
means-catalog = 1C's catalogs
why-not-not-asked = 1C was not asked
why-not-no-answer = 1C did not answer
why-not-not-published = 1C does not publish it
why-not-filter-refused = 1C does not filter these rows
why-not-unreadable-row = some rows of 1C could not be read
why-not-names-in-doubt = which documents are opening balances is in doubt
why-not-points-unknown = the sync could not read points
why-not-moving = the card changed while it was compared
why-not-rows-alone = 1C's totals do not tell
why-not-nothing-stored = the store holds nothing yet
why-not-no-card = one side has no such card
why-not-opening-beyond-sums = 1C's totals hold half of the opening balance or less: it is counted twice, or nearly all was returned
why-not-passed-over = 1C's totals leave out cards that have lines: of a card they do not mention nothing is known
why-not-sum-differs = the total of the period differs: totals do not tell whether in purchases or in the opening balance
why-not-older-rows = 1C has older rows as well: totals do not tell opening balances from them
why-not-own-sum = 1C's own total is not the sum of its lines
why-not-other-rows = the rows are others though the figure is the same
why-not-other-settings = read under other settings
part-opening-balance = opening balance
part-purchases = purchases
part-total = total
part-points = points
part-city = city
part-card = existence of the card
proof-title = What proves it:
proof-compared = { $figures }: { $means }, { $at }
proof-uncompared = { $figures }: not compared — { $why }
proof-settings = opening balances — documents: { $opening }; left out: { $ignored }
proof-none = none
proof-names = own names in 1C: { $names }
proof-others = read under other settings ({ $settings }); `sverka sync` reads under those of today
proof-mixed = some cards were read earlier, under other settings; `sverka sync` without limit reads all
report-verdict-unverified-settings = Not verified: read under other settings ({ $settings }), and what proved it then proves nothing now.
report-next-unverified-settings = Run `sverka sync` to read all under the settings of today, or check without --offline.
report-verdict-unverified-part = Not verified as a whole: { $why }.
report-next-unverified-part = Check again without --offline: the card is then compared line by line. If it stays so, `sverka doctor` names the cause.
dash-other-settings = Read under other settings: { $settings }
