### Reports and commands

## check: whom, when, against what
report-label-customer = Клиент
report-label-card = Карта
report-label-phone = Телефон
report-label-city = Город
report-label-compared = Сверка
report-label-stored = Хранилище
report-deleted = { $name } (помечена на удаление)
report-city-line3 = { $city } (из основных сведений, строка 3)
report-city-street = { $city } (из адреса)
report-city-contact = { $city } (из контактной информации)
report-against-live = с 1С, построчно, { $time }
report-against-totals = с контрольными итогами 1С, взятыми при синхронизации
report-against-none = не с чем: 1С не ответила
report-stored-at = данные от { $time }, { $age }
report-stored-stale = данные от { $time }, { $age }: устарели
report-stored-never = данных нет

## check: the block the shop knows
report-block-purchases = [ИТОГИ] ОБЩАЯ СУММА ПОКУПОК:
report-block-points = [ИТОГИ] КОЛИЧЕСТВО БАЛЛОВ:
report-block-city = [ИТОГИ] ГОРОД:
report-block-opening = Начальный ввод (перенос): { $money } руб
report-block-year = Покупки за год: { $money } руб
report-block-days = Покупки за { $days } { $days ->
        [one] день
        [few] дня
       *[many] дней
    }: { $money } руб
report-block-history = Покупки за всё время: { $money } руб
report-block-total = ИТОГО: { $money } руб
report-block-points-figure = Бонусные баллы: { $points } { $n ->
        [one] балл
        [few] балла
       *[many] баллов
    }
report-block-points-unknown = Бонусные баллы: неизвестно
report-block-city-figure = Город: { $city }
report-block-unknown = неизвестно
report-block-no-city = не указан
report-mark-differs = расхождение { $variance }
report-mark-city-differs = в 1С: { $city }
report-mark-not-stored = в хранилище нет
report-mark-not-in-onec = в 1С нет
report-uncompared-none = не сверено: 1С не ответила
report-uncompared-totals = не сверено: в итогах 1С этого нет
report-uncompared-live = не сверено: в 1С не прочитано

## check: the table
report-column-onec = 1С
report-column-stored = Хранилище
report-column-variance = Расхождение
report-row-opening = Начальный ввод
report-row-purchases = Покупки ({ $lines } { $lines ->
        [one] строка
        [few] строки
       *[many] строк
    })
report-row-total = Итого
report-row-before-window = Покупки до окна
report-row-points = Баллы
report-row-city = Город
report-city-same = совпадает
report-city-differs = отличается

## check: what differs
report-differences = Что расходится:
report-difference = { $kind }: 1С { $onec }, хранилище { $stored }
report-difference-reason = { $kind } ({ $reason }): 1С { $onec }, хранилище { $stored }
report-difference-line = строка { $line }
report-kind-missing-opening = нет в хранилище, начальный ввод
report-kind-missing-line = нет в хранилище
report-kind-extra-line = лишнее в хранилище
report-kind-changed-line = изменилось
report-kind-missing-card = карты нет в хранилище
report-kind-extra-card = карты нет в 1С
report-kind-doubled-sale = продажа записана дважды
report-kind-unexplained = суммы расходятся, строки не объясняют
report-reason-gone = в 1С строки больше нет
report-reason-inactive = в 1С строка больше не активна
report-reason-amount = другая сумма
report-reason-period = другой период
report-reason-product = другой товар или количество
report-reason-kind = другой вид: начальный ввод или покупка
report-differences-sum = Всего по этим строкам: 1С { $onec }, хранилище { $stored }, расхождение { $variance }
report-doubled-sale = Внимание: похоже, одна продажа записана дважды: { $what }. Лишний вид документа исключает настройка ignored_recorders в разделе [onec.names].

## check: points by both rules
report-points-last-record = Баллы взяты из последней записи регистра: { $figure }. Остаток регистра: { $other }.
report-points-balance = Баллы взяты как остаток регистра: { $figure }. Последняя запись: { $other }.
report-points-balance-onec = Остаток по данным самой 1С: { $balance }.
report-points-disagree = ≠ Два правила дают разное. Это сведение, а не расхождение с 1С.

## check: what it means and what to do
report-verdict-reconciled-live = Сверено построчно: хранилище и 1С совпадают до копейки.
report-verdict-reconciled-totals = Сверено: хранилище совпадает с контрольными итогами 1С до копейки.
report-verdict-before-window = Внутри окна всё совпадает, но в 1С есть покупки до { $date } на { $money } руб., которых хранилище не держит: там клиент видит другой итог.
report-next-before-window = Чтобы совпал и итог: увеличьте days в разделе [sync] (0 — вся история) и выполните `sverka sync`.
report-verdict-variance = Расхождение с 1С: { $variance } руб. (хранилище минус 1С).
report-verdict-variance-other = Расхождение с 1С: см. отмеченное выше.
report-next-variance-live = Выполните `sverka sync` и повторите проверку: если 1С изменилась после синхронизации, расхождение исчезнет.
report-next-variance-totals = Повторите проверку без --offline: построчное сравнение покажет, какие строки расходятся.
report-verdict-unverified-none = Не сверено: 1С не ответила, показано то, что хранится.
report-next-unverified-none = Проверьте связь: `sverka doctor`, затем повторите.
report-verdict-unverified-totals = Не сверено: при синхронизации 1С не дала контрольных итогов по этой карте.
report-next-unverified-totals = Повторите проверку без --offline: карта будет сверена построчно.
report-verdict-unverified-live = Не сверено: часть строк 1С прочитать не удалось.
report-next-unverified-live = Посмотрите в 1С строки, названные при синхронизации, исправьте их и повторите.
report-nobody = Никто не найден: ни в хранилище, ни в 1С.
report-nobody-stored = Никто не найден в хранилище.
report-check-cut = Показано карт: { $shown } из { $total }. Уточните запрос.

## A running sync
report-stage-preparing = подготовка
report-stage-cards = карты
report-stage-opening-balances = начальный ввод
report-stage-purchases = покупки
report-stage-points = баллы
report-stage-control-totals = контрольные итоги
report-stage-publishing = публикация
report-progress-rows = { $done } строк
report-progress-rows-of = { $done } из { $total }
report-progress-rate = { $rate } стр/с
report-progress-left = осталось { $left }
report-progress-retries = повторов { $retries }
report-progress-rejected = не прочитано { $rejected }
report-notice-started = { $stage }: начато
report-notice-done = { $stage }: готово, { $rows } { $rows ->
        [one] строка
        [few] строки
       *[many] строк
    }
report-notice-retrying = { $stage }: повтор { $attempt }: { $why }
report-notice-rejected = строка не прочитана: { $set }, { $key }: { $reason }
report-notice-filter-refused = 1С не выполняет отбор по { $what }: регистр читается целиком и отбирается здесь
report-notice-not-published = в 1С не опубликовано: { $what }
report-notice-changed = { $what }: изменилось во время чтения, читается снова

## The summary of a sync
report-sync-published = Синхронизация завершена за { $time }: опубликовано поколение { $generation }.
report-sync-failed = Синхронизация не удалась за { $time }. В хранилище остаётся поколение { $generation }.
report-sync-failed-empty = Синхронизация не удалась за { $time }. Хранилище ещё пусто.
report-sync-cancelled = Синхронизация прервана через { $time }. В хранилище остаётся поколение { $generation }; следующая продолжит с места остановки.
report-sync-cancelled-empty = Синхронизация прервана через { $time }. Хранилище ещё пусто; следующая продолжит с места остановки.
report-sync-holds = Содержимое
report-cards = Карты
report-opening-balances = Начальный ввод
report-purchases = Покупки
report-points = Баллы
report-sync-changes = Строки продаж: создано { $created }, изменено { $changed }, удалено { $removed }; не прочитано { $skipped }.
report-sync-traffic = Запросов { $requests }, из них повторов { $retries }; получено { $bytes }.
report-sync-times = Время по этапам
report-sync-agrees = Все карты сверены с контрольными итогами 1С: расхождений нет.
report-sync-variances = Карт с расхождением: { $n }. Что именно расходится, покажет `sverka check`.
report-sync-unverified = Не сверено карт: { $n }. Построчно сверит `sverka check`; почему нет контрольных итогов, скажет `sverka doctor`.
report-sync-skipped = Непрочитанные строки названы выше: исправьте их в 1С и повторите синхронизацию.
report-problem = Ошибка: { $message }
report-remedy = Что делать: { $remedy }

## search
report-search-found = Найдено: { $total } ({ $time })
report-search-cut = Показано { $shown } из { $total }: остальное покажет --limit или более точный запрос
report-search-nothing = По запросу «{ $query }» ничего не найдено.
report-search-read-as = Прочитано в другой раскладке: «{ $query }»
report-column-code = Код
report-column-name = Имя
report-column-phone = Телефон
report-column-city = Город
report-column-total = Итого

## status
report-status-generation = Поколение
report-status-synced = Синхронизация
report-status-movements = Строки продаж
report-status-variances = С расхождением
report-status-unverified = Не сверено
report-status-running = Сейчас
report-status-never = Ещё не синхронизировано: выполните `sverka sync`.
report-status-runs-now = идёт синхронизация
report-status-runs-at = идёт синхронизация: { $stage }, { $overall }
report-status-last = Последние синхронизации
report-column-started = Начало
report-column-took = Длилась
report-column-outcome = Исход
report-column-created = Создано
report-column-changed = Изменено
report-column-removed = Удалено
report-column-skipped = Не прочитано
report-column-variances = Расхождения
report-outcome-published = опубликовано
report-outcome-failed = не удалось
report-outcome-failed-code = не удалось: { $code }
report-outcome-cancelled = прервано

## doctor
report-doctor-well = Всё, что нужно для синхронизации, в порядке.
report-doctor-warnings = Синхронизация возможна; замечаний: { $n }.
report-doctor-failures = Синхронизация невозможна; неисправностей: { $n }.
