### Reports and commands

## check: whom, when, against what
report-label-customer = Customer
report-label-card = Card
report-label-phone = Phone
report-label-city = City
report-label-compared = Compared
report-label-stored = Store
report-deleted = { $name } (marked for deletion)
report-city-line3 = { $city } (from the main details, line 3)
report-city-street = { $city } (from the address)
report-city-contact = { $city } (from the contact information)
report-against-live = with 1C, line by line, { $time }
report-against-totals = with 1C's control totals taken by the sync
report-against-none = with nothing: 1C did not answer
report-stored-at = data of { $time }, { $age }
report-stored-stale = data of { $time }, { $age }: stale
report-stored-never = no data

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
report-uncompared-none = not compared: 1C did not answer
report-uncompared-totals = not compared: 1C's totals do not tell
report-uncompared-live = not compared: not read from 1C

## check: the table
report-column-onec = 1C
report-column-stored = Store
report-column-variance = Variance
report-row-opening = Opening balance
report-row-purchases = Purchases ({ $lines } { $lines ->
        [one] line
       *[other] lines
    })
report-row-total = Total
report-row-before-window = Purchases before the window
report-row-points = Points
report-row-city = City
report-city-same = equal
report-city-differs = differs

## check: what differs
report-differences = What differs:
report-difference = { $kind }: 1C { $onec }, store { $stored }
report-difference-reason = { $kind } ({ $reason }): 1C { $onec }, store { $stored }
report-difference-line = line { $line }
report-kind-missing-opening = missing in the store, opening balance
report-kind-missing-line = missing in the store
report-kind-extra-line = only in the store
report-kind-changed-line = changed
report-kind-missing-card = the card is not in the store
report-kind-extra-card = the card is not in 1C
report-kind-doubled-sale = sale written twice
report-kind-unexplained = the sums differ and no line explains it
report-reason-gone = 1C has the line no longer
report-reason-inactive = the line is no longer active in 1C
report-reason-amount = another amount
report-reason-period = another period
report-reason-product = another product or quantity
report-reason-kind = another kind: opening balance or purchase
report-differences-sum = These lines together: 1C { $onec }, store { $stored }, variance { $variance }
report-doubled-sale = Warning: one sale seems to be written twice: { $what }. The setting ignored_recorders in [onec.names] leaves a type of document out.

## check: points by both rules
report-points-last-record = Points are those of the register's last record: { $figure }. Balance of the register: { $other }.
report-points-balance = Points are the balance of the register: { $figure }. Its last record: { $other }.
report-points-balance-onec = The balance as 1C itself reckons it: { $balance }.
report-points-disagree = ≠ The two rules disagree. That is information, not a variance from 1C.

## check: what it means and what to do
report-verdict-reconciled-live = Reconciled line by line: the store equals 1C to the kopeck.
report-verdict-reconciled-totals = Reconciled: the store equals 1C's control totals to the kopeck.
report-verdict-before-window = All is equal inside the window, but 1C has purchases before { $date } of { $money } RUB that the store does not keep: the customer sees another total there.
report-next-before-window = To make the total equal too: raise days in [sync] (0 is all history) and run `sverka sync`.
report-verdict-variance = Variance from 1C: { $variance } RUB (store minus 1C).
report-verdict-variance-other = Variance from 1C: see what is marked above.
report-next-variance-live = Run `sverka sync` and check again: where 1C changed after the sync, the variance disappears.
report-next-variance-totals = Check again without --offline: the comparison line by line shows which lines differ.
report-verdict-unverified-none = Not verified: 1C did not answer; this is what the store holds.
report-next-unverified-none = Test the connection with `sverka doctor`, then try again.
report-verdict-unverified-totals = Not verified: 1C gave the sync no control totals for this card.
report-next-unverified-totals = Check again without --offline: the card is then compared line by line.
report-verdict-unverified-live = Not verified: some rows of 1C could not be read.
report-next-unverified-live = Look up the rows that the sync named in 1C, mend them and try again.
report-nobody = Nobody found, neither in the store nor in 1C.
report-nobody-stored = Nobody found in the store.
report-check-cut = Showing { $shown } cards of { $total }. Narrow the query down.

## A running sync
report-stage-preparing = preparing
report-stage-cards = cards
report-stage-opening-balances = opening balances
report-stage-purchases = purchases
report-stage-points = points
report-stage-control-totals = control totals
report-stage-publishing = publishing
report-progress-rows = { $done } rows
report-progress-rows-of = { $done } of { $total }
report-progress-rate = { $rate } rows/s
report-progress-left = { $left } left
report-progress-retries = retries { $retries }
report-progress-rejected = rejected { $rejected }
report-notice-started = { $stage }: started
report-notice-done = { $stage }: done, { $rows } { $rows ->
        [one] row
       *[other] rows
    }
report-notice-retrying = { $stage }: attempt { $attempt }: { $why }
report-notice-rejected = row not read: { $set }, { $key }: { $reason }
report-notice-filter-refused = 1C does not filter { $what }: the register is read whole and filtered here
report-notice-not-published = not published by 1C: { $what }
report-notice-changed = { $what }: changed while being read, reading again

## The summary of a sync
report-sync-published = Sync done in { $time }: generation { $generation } is published.
report-sync-failed = Sync failed after { $time }. The store keeps generation { $generation }.
report-sync-failed-empty = Sync failed after { $time }. The store is still empty.
report-sync-cancelled = Sync interrupted after { $time }. The store keeps generation { $generation }; the next sync goes on from here.
report-sync-cancelled-empty = Sync interrupted after { $time }. The store is still empty; the next sync goes on from here.
report-sync-holds = Contents
report-cards = Cards
report-opening-balances = Opening balances
report-purchases = Purchases
report-points = Points
report-sync-changes = Sales lines: { $created } created, { $changed } changed, { $removed } removed; { $skipped } not read.
report-sync-traffic = { $requests } requests, { $retries } of them repeats; { $bytes } received.
report-sync-times = Time by stage
report-sync-agrees = All cards agree with 1C's control totals: no variance.
report-sync-variances = Cards with a variance: { $n }. `sverka check` shows what differs.
report-sync-unverified = Cards not verified: { $n }. `sverka check` compares line by line; `sverka doctor` tells why there are no control totals.
report-sync-skipped = The rows not read are named above: mend them in 1C and sync again.
report-problem = Error: { $message }
report-remedy = What to do: { $remedy }

## search
report-search-found = Found: { $total } ({ $time })
report-search-cut = Showing { $shown } of { $total }: raise --limit or narrow the query for the rest
report-search-nothing = Nothing found for “{ $query }”.
report-search-read-as = Read in the other keyboard layout: “{ $query }”
report-column-code = Code
report-column-name = Name
report-column-phone = Phone
report-column-city = City
report-column-total = Total

## status
report-status-generation = Generation
report-status-synced = Synced
report-status-movements = Sales lines
report-status-variances = With a variance
report-status-unverified = Not verified
report-status-running = Now
report-status-never = Nothing synced yet: run `sverka sync`.
report-status-runs-now = a sync is running
report-status-runs-at = a sync is running: { $stage }, { $overall }
report-status-last = Last syncs
report-column-started = Started
report-column-took = Took
report-column-outcome = Outcome
report-column-created = Created
report-column-changed = Changed
report-column-removed = Removed
report-column-skipped = Not read
report-column-variances = Variances
report-outcome-published = published
report-outcome-failed = failed
report-outcome-failed-code = failed: { $code }
report-outcome-cancelled = interrupted

## doctor
report-doctor-well = All that a sync needs is in order.
report-doctor-warnings = A sync can work; warnings: { $n }.
report-doctor-failures = A sync cannot work; failures: { $n }.
