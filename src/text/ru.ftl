# Фразы по-русски. Как добавить фразу, сказано в начале text.rs; те же ключи и значения — в en.ftl.
# Пробелы внутри чисел и перед единицами — неразрывные.

### Numbers and time

## Units
unit-bytes = { $n } Б
unit-kilobytes = { $n } кБ
unit-megabytes = { $n } МБ
unit-gigabytes = { $n } ГБ
unit-seconds = { $n } с
unit-minutes = { $n } мин
unit-hours = { $n } ч
unit-days = { $n } д

## Ages
age-now = только что
age-ahead = датированы позже, чем сейчас
age-seconds = { $n } с назад
age-minutes = { $n } мин назад
age-hours = { $n } ч назад
age-days = { $n } { $n ->
        [one] день
        [few] дня
       *[many] дней
    } назад

### Words of the domain

## Verdicts
verdict-reconciled = сверено
verdict-before-window = есть более ранние покупки
verdict-variance = расхождение
verdict-unverified = не сверено
verdict-unknown-card = нет такой карты

## Kinds of differences
difference-missing-opening-balance = начального ввода нет в sverka
difference-missing-line = строки нет в sverka
difference-extra-line = лишняя строка в sverka
difference-changed-line = строка изменилась
difference-before-window = более ранние покупки
difference-missing-card = карты нет в sverka
difference-extra-card = карты нет в 1С
difference-doubled-sale = продажа записана дважды
difference-city = отличается город
difference-points = отличаются баллы
difference-unknown-card = строки карты, которой нет в справочнике
difference-unexplained = суммы расходятся, строки этого не объясняют
difference-unexplained-points = баллы расходятся, строки этого не объясняют

## Why
reason-gone = в 1С такой строки больше нет
reason-inactive = в 1С строка больше не активна
reason-amount = другая сумма
reason-period = другая дата
reason-product = другой товар или количество
reason-kind = другой вид: начальный ввод или покупка
reason-unnamed = строки есть, но ни один документ базы не называется так, как указано в настройке opening_balance
reason-own-sum = итог самой 1С не равен сумме её строк
reason-unreadable = не все строки 1С удалось прочитать

## Causes and what to do about them
cause-missing-opening-balance = в sverka нет начального ввода
cause-missing-card = карты нет в sverka
cause-extra-card = карты нет в 1С
cause-missing-lines = в sverka не хватает строк
cause-gone-lines = этих строк в 1С больше нет
cause-inactive-lines = строки неактивны в 1С
cause-changed-lines = строки изменены в 1С
cause-own-sum = итог 1С не равен сумме её строк
cause-unreadable-rows = не все строки 1С удалось прочитать
cause-unexplained = суммы расходятся, строки не прочитаны
cause-points = отличаются баллы
cause-city = отличается город
cause-before-window = более ранние покупки
cause-unknown-card = строки карты, которой нет в справочнике
cause-doubled-sale = продажа записана дважды
cause-remedy-missing-opening-balance = Проверьте `opening_balance` в разделе [onec.names]: там должен быть документ ввода остатков; затем выполните `sverka sync`.
cause-remedy-missing-card = Карта появилась в 1С: выполните `sverka sync`.
cause-remedy-extra-card = Карту удалили в 1С: выполните `sverka sync` и узнайте, кто удалил.
cause-remedy-missing-lines = Продажи появились после синхронизации: выполните `sverka sync`.
cause-remedy-gone-lines = Документы в 1С удалены, помечены на удаление или распроведены: выполните `sverka sync`.
cause-remedy-inactive-lines = Движения документов в 1С неактивны: выполните `sverka sync`; если это ошибка, перепроведите документы.
cause-remedy-changed-lines = Документы в 1С исправлены: выполните `sverka sync`.
cause-remedy-own-sum = Попросите администратора 1С пересчитать итоги регистра.
cause-remedy-unreadable-rows = Найдите в 1С строки, названные при синхронизации, исправьте их и выполните `sverka sync`.
cause-remedy-unexplained = `sverka check` назовёт строки одной карты; больше карт прочитает `sverka reconcile --worst`.
cause-remedy-points = Выполните `sverka sync`; если баллы снова разойдутся, проверьте `rule` в разделе [points].
cause-remedy-city = Адрес в 1С изменён: выполните `sverka sync`.
cause-remedy-before-window = Чтобы совпали и итоги, увеличьте `days` в разделе [sync] (0 — вся история) и выполните `sverka sync`.
cause-remedy-unknown-card = Найдите документы в 1С по строкам и укажите верную карту.
cause-remedy-doubled-sale = Если это одна продажа, исключите один из видов документов: `ignored_recorders` в разделе [onec.names].

## Rules of points
points-rule-last-record = по последней записи
points-rule-register-balance = по остатку регистра

## Sources of a town
city-source-main-details-line-3 = из основных сведений, строка 3
city-source-address-street = из адреса
city-source-contact-info = из контактной информации

### Settings

## Where a setting stands
place-file = { $path }, строка { $line }, столбец { $column }
place-variable = переменная { $name }
place-option = параметр { $name }
place-form = поле формы

## What a setting should be
expected-text = текст в кавычках
expected-some-text = непустой текст
expected-number = целое число от { $least } до { $most }
expected-number-from = целое число не меньше { $least }
expected-flag = true или false
expected-words = список текстов в квадратных скобках
expected-some-words = список текстов, среди которых нет пустых
expected-name = имя из 1С: буквы, цифры и подчёркивания
expected-section = раздел, то есть строка [{ $key }]
expected-duration = промежуток времени, например "150ms", "10s" или "6h30m"
expected-some-duration = промежуток времени больше нуля, например "10s" или "4h"
expected-hours = часы суток, например "23:00-06:00"
expected-zone = часовой пояс, например "Europe/Moscow"
expected-zone-nearest = часовой пояс; возможно, имелся в виду "{ $nearest }"
expected-one-of = одно из: { $words }
expected-user = непустое имя пользователя без двоеточия
expected-password = пароль без управляющих символов
expected-theme = auto, встроенная тема (terminal, night, day, monochrome) или имя файла из папки themes
expected-proxy = адрес прокси, начинающийся с http:// или https://
expected-listen = адрес этого компьютера и порт, например 127.0.0.1:8000
expected-credential = имя учётных данных systemd (credential), без косой черты

## What the system says
system-not-found = нет такого файла
system-permission = нет прав
system-folder = это папка, а не файл
system-not-folder = на пути к нему лежит файл, а не папка
system-not-text = это не текст в UTF-8
system-full = кончилось место на диске
system-quota = исчерпана дисковая квота пользователя
system-file-limit = превышен предельный размер файла (`ulimit -f` или файловая система)
system-no-reader = программа, читавшая вывод, завершилась
system-too-large = файл слишком велик
system-read-only = диск доступен только для чтения
system-other = сбой операционной системы ({ $kind })

## Errors of settings
error-config-unreadable = Не удалось прочитать файл настроек { $path }: { $why }.
remedy-config-unreadable = Проверьте путь и права. Новый файл настроек создаст `sverka init`.
error-config-syntax = Не удалось разобрать файл настроек: { $at }: { $message }.
remedy-config-syntax = Исправьте эту строку. Образец со всеми настройками — config.toml.example, правила записи — toml.io.
error-config-unknown-key = Неизвестная настройка { $key }: { $at }.
remedy-config-unknown-key = Удалите её или исправьте имя. Все настройки перечислены в config.toml.example.
error-config-unknown-key-nearest = Неизвестная настройка { $key }: { $at }.
remedy-config-unknown-key-nearest = Возможно, имелась в виду { $nearest }.
error-config-wrong-value = { $at ->
    [form] Такое значение не подходит.
   *[other] Неверное значение { $key }: { $at }.
}
remedy-config-wrong-value = Укажите: { $expected }.
error-config-address = { $at ->
    [form] Это не адрес службы OData.
   *[other] { $key } — не адрес службы OData: { $at }.
}
remedy-config-address = Впишите адрес целиком, от http:// или https:// до /odata/standard.odata, например https://1c.example.ru/base/odata/standard.odata.
error-config-address-scheme = { $at ->
    [form] Адрес начинается не с http:// и не с https://.
   *[other] Адрес { $key } начинается не с http:// и не с https://: { $at }.
}
remedy-config-address-scheme = Укажите в начале адреса https:// или http://.
error-config-address-ending = { $at ->
    [form] Адрес не оканчивается на /odata/standard.odata.
   *[other] Адрес { $key } не оканчивается на /odata/standard.odata: { $at }.
}
remedy-config-address-ending = Адрес должен оканчиваться на /odata/standard.odata: допишите это к адресу информационной базы и уберите всё, что стоит дальше.
error-config-address-query = { $at ->
    [form] В адресе есть лишнее после ? или #.
   *[other] В адресе { $key } есть лишнее после ? или #: { $at }.
}
remedy-config-address-query = Оставьте адрес до /odata/standard.odata включительно: запросы sverka составляет сама.
error-config-address-credentials = { $at ->
    [form] В адресе записаны имя или пароль.
   *[other] В адресе { $key } записаны имя или пароль: { $at }.
}
remedy-config-address-credentials = Уберите их из адреса. Для входа в 1С есть настройки onec.user и onec.password_file.
error-config-secret-twice = Пароль указан дважды: { $first } ({ $first-at }) и { $second } ({ $second-at }).
remedy-config-secret-twice = Оставьте один из них.
error-config-field-twice = { $first } и { $second } называют в 1С одно и то же: { $name }.
remedy-config-field-twice = Укажите для каждой настройки своё; какие поля есть в 1С, покажет `sverka doctor`.
error-config-field-of-another = { $first } называет { $name }, а это в 1С — то, для чего есть { $second }.
remedy-config-field-of-another = Укажите для каждой настройки своё; какие поля есть в 1С, покажет `sverka doctor`.
error-config-token = Не удалось разобрать токен: { $at }.
remedy-config-token = Нужна строка «имя:пароль» в UTF-8, закодированная в base64, с «Basic » впереди или без.
error-config-theme-role = Неизвестная роль { $role } в теме: { $at }.
remedy-config-theme-role = Удалите её или исправьте имя. Все роли перечислены в docs/dashboard.md.
error-config-theme-role-nearest = Неизвестная роль { $role } в теме: { $at }.
remedy-config-theme-role-nearest = Возможно, имелась в виду { $nearest }.
error-config-theme-colour = Роли { $role } в теме задан не цвет: { $at }.
remedy-config-theme-colour = Укажите цвет: "#rrggbb", имя вроде "red" или "bright-blue" либо "terminal" — цвет самого терминала.
error-config-theme-colour-nearest = Роли { $role } в теме задан не цвет: { $at }.
remedy-config-theme-colour-nearest = Возможно, имелся в виду "{ $nearest }".
error-config-theme-from = Тема начинается с темы { $name }, а такой нет: { $at }.
remedy-config-theme-from = Укажите from = "terminal", "night", "day" или "monochrome".
error-config-theme-missing = Темы нет: настройка ui.theme ({ $at }) называет файл { $path }.
remedy-config-theme-missing = Создайте этот файл или укажите встроенную тему: terminal, night, day, monochrome.
error-config-no-key = Клавиши «{ $written }» нет, настройка { $key }: { $at }.
remedy-config-no-key = Клавиши пишутся так: F8, q, Ctrl+L, Alt+Up, Shift+Tab, Space, PgDn.
error-config-key-taken = Клавиша { $written } настройки { $key } уже занята настройкой { $other }: { $at }.
remedy-config-key-taken = Выберите другую клавишу или назначьте другую настройке { $other }.
error-config-key-reserved = У настройки { $key } не может быть клавиши { $written }: { $at }.
remedy-config-key-reserved = Выберите другую клавишу: эта всегда завершает программу.
error-config-not-unicode = Переменная { $name } записана не в UTF-8.
remedy-config-not-unicode = Задайте её заново в UTF-8 или перенесите в файл настроек.
error-config-missing = Не указано, как подключиться к 1С: нет настройки { $key }.
remedy-config-missing = { $path ->
    [none] Создайте файл настроек командой `sverka init` и укажите в нём { $key } либо задайте переменную { $variable }. Посмотреть программу без 1С можно командой `sverka demo`.
   *[other] Укажите { $key } в файле { $path } либо задайте переменную { $variable }. Посмотреть программу без 1С можно командой `sverka demo`.
}
error-config-missing-password = Не указан пароль для входа в 1С.
remedy-config-missing-password = { $path ->
    [none] Укажите onec.password_file или onec.password_command в файле настроек (его создаст `sverka init`) либо переменную SVERKA_ONEC__PASSWORD. Посмотреть программу без 1С можно командой `sverka demo`.
   *[other] Укажите onec.password_file или onec.password_command в файле { $path } либо задайте переменную SVERKA_ONEC__PASSWORD. Посмотреть программу без 1С можно командой `sverka demo`.
}
error-config-secret-unreadable = Не удалось прочитать пароль из файла { $path }: { $why }.
remedy-config-secret-unreadable = Проверьте onec.password_file и права на этот файл.
error-config-secret-command-start = Не удалось запустить команду onec.password_command: { $why }.
remedy-config-secret-command-start = Нужна оболочка sh. Проверьте, что она есть и доступна.
error-config-secret-command-deadline = Команда onec.password_command не выдала пароль за { $seconds } с.
remedy-config-secret-command-deadline = Запустите её в терминале сами: она не должна ни о чём спрашивать.
error-config-secret-command-status = Команда onec.password_command завершилась с ошибкой ({ $status }).
remedy-config-secret-command-status = Запустите её в терминале сами и добейтесь, чтобы она печатала пароль.
error-config-secret-command-signal = Команда onec.password_command прервана сигналом.
remedy-config-secret-command-signal = Запустите её в терминале сами и добейтесь, чтобы она печатала пароль.
error-config-no-credential = systemd не передал учётные данные (credential) { $name }.
remedy-config-no-credential = Передайте их службе: LoadCredential={ $name }:/путь/к/файлу. Вне службы их нет: там нужен onec.password_file.
error-config-foreign-host = Пароль ({ $secret-at }) указан не для { $host }: этот адрес задаёт { $key } ({ $at }). Запрос не отправлен.
remedy-config-foreign-host = Укажите пароль там же, где адрес, или впишите { $key } рядом с паролем. Пароль отправляется только тому серверу, для которого он указан.
error-config-writable-by-others = Файл { $path } могут изменить другие пользователи, поэтому команда { $key } не запущена: её могли подменить.
remedy-config-writable-by-others = Ограничьте доступ к файлу: chmod 600; для папок над ним: chmod go-w; владельцем должны быть вы или root.
error-config-secret-unusable = Полученное через { $key } не может быть паролем.
remedy-config-secret-unusable = Там должна быть одна непустая строка в UTF-8 без управляющих символов.
error-config-no-home = Не удалось узнать домашнюю папку: негде хранить данные.
remedy-config-no-home = Задайте переменную HOME, настройку store.path или параметр --store.
error-config-exists = Файл { $path } уже есть и остался без изменений.
remedy-config-exists = Исправьте его сами или укажите другое место: `sverka init --config ФАЙЛ`.
error-config-unwritable = Не удалось записать { $path }: { $why }.
remedy-config-unwritable = Проверьте права на папку или укажите другое место: `sverka init --config ФАЙЛ`.
problem-complaint = Она сообщила: «{ $text }».

## Warnings of settings
warning-plain-http = Пароль и данные клиентов передаются на { $host } без шифрования: адрес начинается с http://.
warning-any-certificate = Сертификат сервера не проверяется: включена настройка accept_invalid_certificates.
warning-readable-by-others = Файл с паролем { $path } может прочитать любой пользователь этого компьютера. Закройте доступ: chmod 600.
warning-writable-by-others = Файл { $path } могут изменить другие пользователи этого компьютера (он сам или папка над ним открыты для записи, или у него другой владелец). Ограничьте доступ: chmod 600, а для папки: chmod go-w.
warning-store-open = Хранилище { $path } могут прочитать или изменить другие пользователи этого компьютера, а в нём персональные данные. Ограничьте доступ: chmod 600.
warning-store-folder-open = В папку с хранилищем { $path } могут писать другие пользователи этого компьютера. Ограничьте доступ: chmod 700, а к самому хранилищу: chmod 600.
warning-ignored-variable = Переменная { $name } не учитывается: нужное указывают в настройке { $key }.
warning-unknown-variable = Переменная { $name } не используется.
warning-unknown-variable-nearest = Переменная { $name } не используется. Возможно, имелась в виду { $nearest }.
store-set-aside = Хранилище, которым нельзя пользоваться, переименовано: { $path }. Все данные читаются из 1С заново.
store-not-set-aside = Хранилище исправно, оно остаётся на месте: выполняется обычная синхронизация.
store-compacted = { $path }: было { $before }, стало { $after }.
store-other-names = У заменённого файла есть и другие жёсткие ссылки (всего имён: { $names }): они ведут на прежний файл.
store-backup-examining = Копия читается целиком…
store-backup-copying = Копируется версия данных { $generation }, карт: { $cards }…
store-backup-again = Копия перечитывается…
store-backed-up = Скопировано: { $path }, { $bytes }, версия данных { $generation } от { $time } ({ $age }), карт: { $cards }, строк: { $rows }; копия перечитана целиком.
store-restored = Восстановлено: версия данных { $generation } от { $time } ({ $age }), карт: { $cards }, строк: { $rows }; всё перечитано. Следующая синхронизация прочитает из 1С всё.
store-restored-aside = Прежнее хранилище переименовано: { $path }. Удалите его, когда оно станет не нужно: в нём тоже персональные данные.
error-backup-unusable = Восстановить { $path } нельзя: { $why }
remedy-backup-unusable = Хранилище осталось как было. Укажите другую копию или прочитайте всё из 1С заново: `sverka sync`.
error-backup-not-made = Копия { $path } не сделана: { $why }
remedy-backup-not-made = Хранилище осталось как было. Проверьте свободное место и права на эту папку.
store-check-rows = Прочитано строк
store-check-pages = Страницы файла
store-check-pages-compared = все сверены с контрольными суммами
store-check-pages-busy = не проверены: в хранилище пишет другой процесс
store-check-pages-read-only = не проверены: нет прав на запись
store-check-file = Размер файла
store-check-took = Заняло
store-check-whole = Хранилище исправно: все строки такие, какими были записаны.
store-check-compact = Хранилище исправно, но файл больше нужного: место освободит `sverka store compact`.
init-opening-not-asked = Какой документ переносил остатки в вашей базе, подскажет `sverka doctor`: он предложит готовую строку opening_balance.
init-opening-suspects = Эти документы записывали продажи один раз и давно — возможно, ими переносили остатки: { $types }. Посмотрите их в 1С: если переносили, впишите их в opening_balance раздела [onec.names], если продавали — в purchase_recorders. До тех пор об этом напоминают `sverka doctor` и каждая синхронизация.
init-opening-untold = 1С сейчас не назвала документы, которые записывают продажи; строку opening_balance предложит `sverka doctor`.
init-opening-empty = В регистре продаж ещё нет записей; когда появятся, строку opening_balance проверит `sverka doctor`.
init-opening-usual = Начальный ввод в этой базе называется как обычно, менять ничего не нужно: { $line }
init-opening-written = Остатки в этой базе переносили другим документом; в настройки записано: { $line }
init-opening-none = Документов, которыми переносят остатки, в этой базе нет; в настройки записано: { $line }
config-written = Настройки записаны в { $path }. Впишите туда адрес 1С, имя и пароль, затем проверьте: `sverka doctor`.

### The service

service-plan = Будет сделано:
service-step-run = { "  " }выполнить  { $command }
service-step-write = { "  " }записать   { $path } (права { $mode })
service-step-unit = { "  " }записать   { $path } (юнит systemd)
service-step-delete = { "  " }удалить    { $path }
service-question = Выполнить? [д/Н]
service-declined = Ничего не изменено.
service-installed = Служба работает и запускается вместе с системой. Состояние: `systemctl status sverka`, журнал: `journalctl -u sverka`. Настройки: /etc/sverka/config.toml; изменили — `systemctl restart sverka`.
service-installed-user = Служба работает и запускается вместе с системой. Состояние: `systemctl --user status sverka`, журнал: `journalctl --user -u sverka`. Изменили настройки — `systemctl --user restart sverka`.
service-removed = Служба остановлена и удалена. Настройки, пароль и хранилище остались: /etc/sverka и /var/lib/sverka.
service-removed-user = Служба остановлена и удалена. Настройки и хранилище остались на своих местах. Процессы этого пользователя и дальше работают без входа в систему; если это больше не нужно: `loginctl disable-linger`.
service-not-there = Удалять нечего: { $path } нет.
service-untold = systemd не узнал, что программа готова: { $why }

error-service-no-systemd = Этой системой управляет не systemd, устанавливать службу некуда.
remedy-service-no-systemd = Запускайте `sverka engine` под тем, что здесь следит за службами (OpenRC, runit, контейнер), или команду sync по расписанию cron.
error-service-no-user-manager = В этом сеансе нет systemd пользователя: не задана XDG_RUNTIME_DIR, или в ней никого нет.
remedy-service-no-user-manager = Войдите этим пользователем через ssh или `machinectl shell`, а не через su. Служба системы: `sudo sverka service install`.
error-service-no-rights = Службу системы устанавливает и удаляет только root.
remedy-service-no-rights = Повторите через sudo или добавьте --user: служба вашего пользователя прав не требует.
error-service-foreign = { $path } записан не sverka и оставлен без изменений.
remedy-service-foreign = Посмотрите, что это за юнит. Если он не нужен, уберите его сами и повторите.
error-service-masked = Служба sverka запрещена администратором: { $path } ведёт в /dev/null.
remedy-service-masked = Если запрет больше не нужен: `systemctl unmask sverka`, затем повторите.
error-service-packaged = Служба уже есть: { $path } пришёл с пакетом.
remedy-service-packaged = Включить: `systemctl enable --now sverka`. Выключить: `systemctl disable --now sverka`. Удалить: вместе с пакетом.
error-service-program-hidden = Служба не сможет запустить { $path }: домашние и временные папки от неё скрыты.
remedy-service-program-hidden = Поставьте программу для всех и повторите: `sudo install -m 755 { $path } /usr/local/bin/sverka`, `sudo /usr/local/bin/sverka service install`. Или добавьте --user.
error-service-program-name = Путь { $path } нельзя записать в юнит systemd.
remedy-service-program-name = Переместите программу и файлы туда, где в пути нет кавычек, обратной косой черты и знака доллара.
error-service-store = --store не подходит для службы системы: её хранилище { $place }, куда другие пользователи не заглядывают. Ничего не изменено.
remedy-service-store = Уберите --store. Другое место укажите в `store` файла { $settings }: в папке, куда может писать пользователь sverka; или добавьте --user.
error-service-unconfirmed = Спросить некого: ввод не с терминала. Ничего не изменено.
remedy-service-unconfirmed = Посмотрите план с --dry-run и повторите с --yes.
error-service-command = Команда `{ $command }` не выполнена: { $why }
remedy-service-command = Сделанное до неё осталось. Устраните причину и повторите: начать можно сначала. О службе подробнее: `systemctl status sverka`, `journalctl -u sverka -n 50`.

### Pages of the manual

man-written = { $n ->
    [one] Записана { $n } страница справочника: { $path }
    [few] Записаны { $n } страницы справочника: { $path }
   *[many] Записано { $n } страниц справочника: { $path }
}
man-manual = Справочник sverka
man-name = ИМЯ
man-synopsis = ВЫЗОВ
man-description = ОПИСАНИЕ
man-exit-codes = КОДЫ ЗАВЕРШЕНИЯ
man-version = ВЕРСИЯ

### Failures

## 1C. Words of 1C itself are added by problem-said.
problem-said = Ответ сервера: «{ $text }».
error-onec-settings = С такими настройками подключиться к 1С нельзя: { $what }.
remedy-onec-settings = Исправьте настройки раздела [onec].
error-onec-unauthorized = 1С не приняла имя или пароль.
remedy-onec-unauthorized = Проверьте onec.user и пароль. Запросы остановлены, чтобы учётную запись не заблокировали. У пользователя 1С должна быть включена аутентификация 1С:Предприятия.
error-onec-windows-login = Сервер требует входа через Windows ({ $offered }), так sverka входить не умеет.
remedy-onec-windows-login = Попросите администратора веб-сервера включить для публикации 1С обычную проверку подлинности (Basic; в IIS это раздел «Проверка подлинности») и укажите в разделе [onec] имя и пароль пользователя 1С. Запросы остановлены, чтобы учётную запись не заблокировали.
error-onec-refused-later = 1С принимала имя и пароль, но для «{ $what }» отказала в доступе.
remedy-onec-refused-later = Если пароль за это время сменили, исправьте его в настройках. Если нет, учётной записи не дают читать «{ $what }» веб-сервер или 1С: выдайте это право. Запросы остановлены, чтобы учётную запись не заблокировали.
error-onec-rights = Пользователю 1С не разрешено читать { $what }.
remedy-onec-rights = Попросите администратора 1С дать ему право на чтение этих данных и доступ к стандартному интерфейсу OData (в типовых конфигурациях — роль «УдаленныйДоступOData»).
error-onec-maintenance = 1С сейчас закрыта для входа: идут технические работы или обновление.
remedy-onec-maintenance = Подождите и повторите позже. Если работы уже окончены, попросите администратора 1С снять блокировку начала сеансов. Данные прошлой синхронизации остаются.
error-onec-no-licence = Все лицензии 1С заняты: больше никого она пока не пускает.
remedy-onec-no-licence = Это пройдёт само, когда кто-нибудь выйдет из 1С: повторите позже или синхронизируйте ночью. Если так бывает часто, уменьшите onec.in_flight или попросите администратора 1С добавить лицензию. Данные последней синхронизации на месте.
error-onec-not-published = 1С не публикует { $what }.
remedy-onec-not-published = Попросите администратора 1С добавить это в состав стандартного интерфейса OData. Если в вашей конфигурации имя другое, укажите его в разделе [onec.names].
error-onec-not-offered = 1С отвечает, но не отдаёт { $what }. { $by }
remedy-onec-not-offered = Спросите администратора 1С, входит ли это в состав стандартного интерфейса OData и есть ли у пользователя право на чтение. Что ещё не отдаёт 1С, покажет `sverka doctor`.
error-onec-too-wide = 1С не успевает ответить на запрос { $what } даже за короткий период.
remedy-onec-too-wide = Делать ничего не нужно: показатели останутся без подтверждения. Если перед 1С стоит прокси, увеличьте на нём время ожидания ответа.
error-onec-wrong-address = По этому адресу нет публикации 1С (ответ { $status }).
remedy-onec-wrong-address = Проверьте onec.url: имя базы в нём должно быть таким, как на веб-сервере.
error-onec-filter-refused = 1С не выполняет нужный отбор: { $what }.
remedy-onec-filter-refused = Делать ничего не нужно: sverka прочитает всё и отберёт нужное сама. Это дольше.
error-onec-bad-request = 1С не поняла запрос (ответ { $status }).
remedy-onec-bad-request = Сверьте имена в разделе [onec.names] с вашей конфигурацией: `sverka doctor` назовёт поля, которых нет.
error-onec-address-too-long = Адрес запроса был бы слишком длинным для обычных серверов (байт: { $length }), поэтому запрос не отправлен.
remedy-onec-address-too-long = Сократите onec.url или имена в разделе [onec.names].
error-onec-address-refused = Веб-сервер отклонил запрос: адрес слишком длинный для него (байт: { $length }).
remedy-onec-address-refused = Попросите администратора веб-сервера или прокси перед ним разрешить адреса хотя бы в 2048 байт: в IIS это maxUrl и maxQueryString, в nginx — large_client_header_buffers, в Apache — LimitRequestLine.
error-onec-redirected = Сервер отсылает на другой адрес: { $to }.
remedy-onec-redirected = Впишите в onec.url окончательный адрес. Пароль по чужому адресу не отправляется.
error-onec-not-1c = Вместо 1С отвечает веб-страница.
remedy-onec-not-1c = Откройте адрес onec.url в браузере: возможно, мешает прокси, страница входа в сеть или адрес неверен.
error-onec-platform-page = База 1С ответила своей страницей ошибки, а не данными (ответ { $status }): интерфейс OData в этой публикации не включён, или в самой базе сбой.
remedy-onec-platform-page = Попросите администратора 1С опубликовать базу на веб-сервере с флажком «Публиковать стандартный интерфейс OData» и заглянуть в журнал регистрации. Имя базы в onec.url верное.
error-onec-proxy-page = Вместо 1С отвечает прокси-сервер или защита сайта (ответ { $status }).
remedy-onec-proxy-page = Попросите администратора сети пропускать запросы этого компьютера к 1С. Если нужен прокси, укажите его в onec.proxy.
error-onec-sign-in = Вместо 1С отвечает страница входа.
remedy-onec-sign-in = Это не интерфейс OData: адрес onec.url ведёт на вход для людей, или этой учётной записи нужен другой вход. Попросите администратора 1С назвать адрес OData и пользователя с паролем 1С. Если это вход в саму сеть (гостиница, Wi-Fi), сначала войдите в неё.
error-onec-sign-in-redirect = Сервер требует войти через страницу входа: { $to }.
remedy-onec-sign-in-redirect = В onec.url эту страницу вписывать не нужно: адрес или учётная запись не для OData. Попросите администратора 1С назвать адрес, по которому OData отвечает по имени и паролю 1С.
error-onec-forbidden = Веб-сервер перед 1С не пускает по этому адресу.
remedy-onec-forbidden = Права в 1С здесь ни при чём: попросите администратора веб-сервера разрешить доступ к публикации с этого компьютера.
error-onec-web-server = Запрос не дошёл до 1С: ошибку вернул веб-сервер (ответ { $status }).
remedy-onec-web-server = Проверьте onec.url и посмотрите журнал веб-сервера.
error-onec-gateway = Веб-сервер или прокси не дождался ответа 1С (ответ { $status }).
remedy-onec-gateway = Проверьте, что сервер 1С работает. Если 1С просто медленная, уменьшите onec.page_size или попросите увеличить время ожидания на веб-сервере.
error-onec-unreachable-name = Имя сервера { $host } не найдено в сети.
remedy-onec-unreachable-name = Проверьте onec.url, подключение к сети и VPN.
error-onec-unreachable-refused = Сервер { $host } не принимает соединение.
remedy-onec-unreachable-refused = Проверьте, что веб-сервер 1С запущен, а порт указан верно и открыт.
error-onec-unreachable-timeout = Сервер { $host } не ответил на попытку соединения.
remedy-onec-unreachable-timeout = Проверьте сеть, VPN и межсетевой экран. Время ожидания задаёт onec.connect_timeout.
error-onec-unreachable-handshake = Сервер { $host } закрыл соединение при установке шифрования (TLS).
remedy-onec-unreachable-handshake = Повторите. Если это повторяется, сервер может уметь только устаревшее шифрование (так отвечает IIS на Windows Server 2012 R2 и старше) или соединение рвёт межсетевой экран: сервер должен поддерживать TLS 1.2 с ECDHE и AES-GCM или TLS 1.3.
error-onec-tls-unknown-issuer = Сертификат { $host } выдан неизвестным удостоверяющим центром.
remedy-onec-tls-unknown-issuer = Если это удостоверяющий центр вашей организации, укажите его сертификат в onec.ca_file (PEM). Если сертификат самоподписанный, перевыпустите его с CA:FALSE и именем сервера в SAN и укажите в onec.ca_file.
error-onec-tls-authority-as-server = { $host } предъявляет сертификат удостоверяющего центра вместо сертификата сервера.
remedy-onec-tls-authority-as-server = Перевыпустите сертификат сервера с CA:FALSE и именем сервера в SAN, затем укажите его в onec.ca_file.
error-onec-tls-expired = Срок сертификата { $host } истёк.
remedy-onec-tls-expired = Обновите сертификат на сервере. Если он в порядке, проверьте часы этого компьютера.
error-onec-tls-not-yet-valid = Сертификат { $host } ещё не действует.
remedy-onec-tls-not-yet-valid = Проверьте часы этого компьютера, затем срок сертификата.
error-onec-tls-clock-differs = Сертификат { $host } действителен по часам сервера, но не по часам этого компьютера: на сервере { $server }, здесь { $ours }.
remedy-onec-tls-clock-differs = Выставьте часы этого компьютера (NTP). Если они верны, ошибаются часы сервера, и сертификат пора обновить.
error-onec-tls-other-name = Сертификат { $host } выдан не на это имя.
remedy-onec-tls-other-name = Впишите в onec.url имя из сертификата или перевыпустите сертификат на имя сервера (поле SAN).
error-onec-tls-weak-signature = Сертификат { $host } или его центра подписан способом, которому больше не доверяют.
remedy-onec-tls-weak-signature = Перевыпустите сертификат сервера с подписью SHA-256 и ключом RSA от 2048 бит или ECDSA.
error-onec-tls-short-key = Ключ сертификата { $host } или его удостоверяющего центра слишком короткий (бит: { $bits }).
remedy-onec-tls-short-key = Перевыпустите сертификат сервера с ключом RSA от 2048 бит или ECDSA.
error-onec-tls-old-server = Сервер { $host } умеет только устаревшее шифрование: общего с ним способа нет.
remedy-onec-tls-old-server = Включите на сервере TLS 1.3 или TLS 1.2 с ECDHE и AES-GCM. IIS на Windows Server 2012 R2 умеет это только с сертификатом ECDSA: выпустите такой, обновите систему или поставьте перед ней обратный прокси (nginx).
error-onec-tls-not-tls = { $host } не отвечает по https.
remedy-onec-tls-not-tls = Проверьте начало адреса и порт в onec.url: возможно, здесь работает http.
error-onec-tls-alert = Сервер { $host } прервал защищённое соединение с предупреждением { $alert }.
remedy-onec-tls-alert = Посмотрите журнал веб-сервера за это время: там названа причина. Если он требует сертификат от клиента, отключите это для адреса OData: у sverka его нет.
error-onec-tls-certificate = Сертификат { $host } не принят: { $what }.
remedy-onec-tls-certificate = Перевыпустите сертификат сервера: X.509 версии 3, для сервера (расширенное использование ключа serverAuth), с именем сервера в SAN.
error-onec-tls-misbehaved = { $host } нарушает правила TLS: защищённое соединение не состоялось.
remedy-onec-tls-misbehaved = Чаще всего мешает программа, которая расшифровывает https по пути (антивирус, прокси, балансировщик): подключитесь к 1С в обход неё. Иначе обновите веб-сервер.
error-onec-tls-failed = Защищённое соединение с { $host } не удалось на этом компьютере.
remedy-onec-tls-failed = Повторите. Если это повторяется, перезагрузите компьютер и сохраните вывод `sverka doctor --json`.
error-onec-not-http = Сервер не отвечает по http на этом порту.
remedy-onec-not-http = Проверьте начало адреса и порт в onec.url: скорее всего, здесь https.
error-onec-no-certificates = На этом компьютере нет сертификатов доверенных центров.
remedy-onec-no-certificates = Установите пакет ca-certificates или укажите onec.ca_file.
error-onec-timeout = 1С не отвечает { $seconds } с.
remedy-onec-timeout = Повторите позже. Если 1С просто медленная, увеличьте onec.read_timeout (для проверок — onec.patience) или уменьшите onec.page_size.
error-onec-cut = Ответ 1С оборвался.
remedy-onec-cut = Повторите синхронизацию. Если это повторяется, уменьшите onec.page_size и проверьте прокси.
error-onec-closed = Сервер закрыл соединение, не ответив.
remedy-onec-closed = Повторите. Если это повторяется, проверьте, не нужен ли https в начале onec.url.
error-onec-too-large = Ответ 1С слишком велик.
remedy-onec-too-large = Уменьшите onec.page_size.
error-onec-empty = 1С прислала пустой ответ.
remedy-onec-empty = Повторите. Если это повторяется, посмотрите журнал веб-сервера 1С.
error-onec-malformed = Ответ 1С не удалось разобрать ({ $set }): { $what }.
remedy-onec-malformed = Повторите. Если это повторяется, сообщите разработчикам sverka версию платформы 1С и этот текст.
error-onec-missing-field = В { $set } нет поля { $field }.
remedy-onec-missing-field = { $named ->
    [yes] Укажите в разделе [onec.names], как это поле называется в вашей конфигурации.
   *[no] Это поле есть у любого регистра и справочника 1С: опубликуйте объект целиком (состав OData, права пользователя) или сделайте так, чтобы посредник перед 1С не вырезал поле.
}
error-onec-server-error = Внутренняя ошибка 1С (ответ { $status }).
remedy-onec-server-error = Повторите позже. Если не пройдёт, посмотрите журнал регистрации 1С.
error-onec-busy = 1С занята (ответ { $status }).
remedy-onec-busy = Повторите позже или уменьшите onec.in_flight: возможно, не хватает сеансов 1С.
error-onec-unexpected-status = Неожиданный ответ сервера: { $status }.
remedy-onec-unexpected-status = Проверьте onec.url и настройки веб-сервера.
error-onec-network = Соединение с 1С нарушено: { $what }.
remedy-onec-network = Проверьте сеть и повторите.
set-cards = карты
set-owners = владельцы карт
set-products = товары
set-sales = регистр продаж
set-points = регистр баллов
set-service = описание службы
problem-gave-up = Попыток: { $tries }, все неудачные.
problem-tls-issuer = Кем выдан: { $issuer }.
problem-tls-algorithm = Способ подписи: { $algorithm }.
problem-tls-until = Он действовал до { $date }.
problem-tls-from = Он действует с { $date }.
problem-tls-names = Имена в нём: { $names }.
problem-tls-no-names = В поле SAN нет ни одного имени; общее имя (CN) не считается.
problem-tls-malformed = он повреждён или составлен не по стандарту
problem-tls-revoked = он отозван своим центром
problem-tls-revocation-unknown = неизвестно, не отозван ли он
problem-tls-critical-extension = в нём есть критическое расширение, которого sverka не знает
problem-tls-purpose = он выдан не для сервера
problem-tls-signature = его подпись не сходится
problem-tls-constraints = центр не имел права его выдать
problem-tls-version = он устаревшей версии X.509
problem-tls-unaccepted = он не прошёл проверку
problem-budget-spent = Слишком много неудач: запросы остановлены.

## Выгрузка
error-export-exists = { $path } уже существует и оставлен без изменений.
remedy-export-exists = Укажите другой файл или перезапишите этот: --force.
error-export-unwritable = Не удаётся записать { $path }: { $why }.
remedy-export-unwritable = Проверьте папку, права и место на диске. Что было в файле раньше, не тронуто.
error-export-terminal = Книгу Excel нельзя вывести в терминал.
remedy-export-terminal = Укажите файл: -o base.xlsx.
error-export-and-metrics = Таблица и показатели мониторинга направлены в один файл: «{ $path }».
remedy-export-and-metrics = Укажите в -o и --metrics разные файлы.
error-export-two-formats = Указаны два разных формата: в --json и в --format.
remedy-export-two-formats = Оставьте один из них.
error-export-output = Не удаётся вывести результат: { $why }.
remedy-export-output = Проверьте, куда направлен вывод.
error-place-own = { $path } — это { $what }: поверх ничего не пишется.
remedy-place-own = Укажите другой файл.
own-store = хранилище sverka
own-note = заметка рядом с хранилищем
own-settings = файл настроек
own-secret = файл с паролем или сертификатом
own-state = файл, в котором sverka хранит своё состояние
error-place-foreign = { $path } создан не программой sverka и оставлен как есть.
remedy-place-foreign = Укажите другой файл или удалите этот, если он никому не нужен.
error-log-unwritable = Журнал не записывается в файл { $path }: { $why }
remedy-log-unwritable = Программа работает дальше. Укажите другой `file` в разделе `[log]` или выключите запись: `level = "off"`.
error-place-link = { $path } — ссылка в никуда.
remedy-place-link = Исправьте ссылку или укажите сам файл.
error-place-no-file = { $path } — не файл, не канал и не терминал.
remedy-place-no-file = Укажите файл.
error-place-no-reader = Канал { $path } никто не читает.
remedy-place-no-reader = Сначала запустите того, кто будет его читать.

## The store
error-store-not-found = В хранилище ещё нет данных: { $path }.
remedy-store-not-found = Выполните первую синхронизацию: `sverka sync`.
error-store-foreign = { $path } — не хранилище sverka.
remedy-store-foreign = Файл не тронут. Укажите другое место в store.path или параметром --store.
error-store-newer = Хранилище { $path } записано более новой версией sverka.
remedy-store-newer = Обновите sverka или укажите другое хранилище параметром --store. Переименовать файл и прочитать всё заново: `sverka sync --rebuild`.
error-store-damaged = Хранилище { $path } повреждено: { $what }.
remedy-store-damaged = Выполните `sverka sync --rebuild`: файл будет переименован и останется рядом, а все данные прочитаются из 1С заново.
error-store-already-open = В хранилище { $path } уже пишет другой процесс.
remedy-store-already-open = Дождитесь его завершения или закройте его. Искать и смотреть данные можно и сейчас.
error-store-already-open-holder = В хранилище { $path } пишет другой процесс: { $pid } на { $host }, с { $since }.
remedy-store-already-open-holder = Дождитесь его завершения или закройте его. Искать и смотреть данные можно и сейчас.
error-store-held = Хранилище { $path } занято другим процессом и не освобождается.
remedy-store-held = Дождитесь его завершения или завершите его. Если он остановлен (состояние T в `ps`), его разбудит `kill -CONT`.
error-store-held-holder = Хранилище { $path } занято другим процессом и не освобождается: { $pid } на { $host }, с { $since }.
remedy-store-held-holder = Дождитесь его завершения или завершите его. Если он остановлен (состояние T в `ps`), его разбудит `kill -CONT`.
error-store-link-to-nothing = Вместо хранилища { $path } — ссылка в никуда.
remedy-store-link-to-nothing = Подключите диск, на который она ведёт, или исправьте ссылку. Начать новое хранилище там, куда она ведёт: `sverka sync --rebuild`.
error-store-staging = Синхронизация уже идёт.
remedy-store-staging = Дождитесь её завершения.
error-store-read-only = Хранилище { $path } открыто только для чтения.
remedy-store-read-only = Закройте программу, которая в него пишет, и повторите.
error-store-replaced = Файл хранилища { $path } удалён, заменён или перезаписан другой программой во время работы.
remedy-store-replaced = Проверьте, что там сейчас (`sverka store check`), и выполните синхронизацию.
error-store-permission = Нет прав на хранилище { $path }.
remedy-store-permission = Дайте себе права на чтение и запись файла и его папки; проверьте, что диск подключён не только для чтения.
error-store-full = На диске с хранилищем { $path } кончилось место.
remedy-store-full = Освободите место и повторите. Прежние данные целы.
error-store-no-room = Для синхронизации мало места рядом с хранилищем { $path }: свободно { $free }, нужно { $needed }.
remedy-store-no-room = Освободите место и повторите. Ничего не записано, прежние данные целы.
error-store-in-use = Хранилище { $path } сейчас читает другой процесс.
remedy-store-in-use = Закройте его (например, экран sverka в другом окне) и повторите.
error-store-io = Сбой диска с хранилищем { $path }: { $what }.
remedy-store-io = Проверьте диск и повторите. Прежние данные целы.
error-store-reopen = Хранилище { $path } закрыто после сбоя.
remedy-store-reopen = Перезапустите sverka. Прежние данные целы.
error-store-range = Сумма или количество по карте { $card } слишком велики, чтобы хранить их точно.
remedy-store-range = Найдите в 1С ошибочную запись по этой карте и исправьте её.
error-store-recorder-types = Видов документов больше, чем бывает в 1С.
remedy-store-recorder-types = Проверьте onec.url и имя регистра продаж в разделе [onec.names].

## A sync
error-sync-changed-too-fast = 1С меняется быстрее, чем читается: { $what }, попыток: { $attempts }.
remedy-sync-changed-too-fast = Повторите, когда продаж меньше, например после закрытия смены. Прежние данные целы.
error-sync-count-differs = 1С сообщает одно число строк, а отдаёт другое, и так каждый раз: { $what }, сообщает { $counted }, получено { $received }.
remedy-sync-count-differs = Строки теряются по дороге: проверьте, нет ли ограничения на число строк в публикации 1С или на прокси перед ней. Прежние данные целы.
error-sync-never-still = 1С меняется слишком быстро: данные ни разу не совпали с итогами, сверок: { $rounds }; карт с расхождением в последний раз: { $cards }.
remedy-sync-never-still = Повторите, когда продаж меньше, например после закрытия смены. Прежние данные целы.
error-sync-another-base = По этому адресу другая база: в ней нашлось карт: { $known } из { $asked }.
remedy-sync-another-base = Проверьте onec.url. Если база заменена намеренно, выполните `sverka sync --accept-base` или укажите другое хранилище.
error-sync-empty-answer = 1С прислала пустой список ({ $what }), а в хранилище записей: { $stored }.
remedy-sync-empty-answer = Проверьте права пользователя 1С и onec.url; если пропал начальный ввод, проверьте opening_balance в разделе [onec.names]. Хранилище осталось как было.
error-sync-openings-elsewhere = Документов начального ввода («{ $names }») в 1С больше нет, а в хранилище их строк: { $stored }. Все продажи записаны другими документами: { $types }.
remedy-sync-openings-elsewhere = Если остатки переносит теперь другой документ, назовите его в opening_balance раздела [onec.names]. Если начального ввода больше нет — opening_balance = []. Хранилище осталось как было.
error-sync-looks-differ = Из 1С внезапно исчезло многое (было { $before }, стало { $now }), а два чтения подряд увидели разное.
remedy-sync-looks-differ = Повторите позже. Если базу 1С восстанавливают или исправляют, дождитесь конца. Прежние данные целы.
error-sync-unreadable = Не читаются строки ({ $set }): { $rejected } из { $rows }. { $reasons }. Одна из них: { $example }.
remedy-sync-unreadable = Посмотрите в 1С «{ $field }» этой строки. Если это не то поле, укажите нужное в разделе [onec.names]; если данные искажаются между 1С и sverka, исправьте это. Хранилище осталось как было.
unreadable-reason = «{ $field }»: { $why }, строк: { $rows }
unreadable-no-number = пусто или не число
unreadable-not-whole = не число с двумя знаками после запятой
unreadable-no-direction = не приход и не расход
unreadable-long-type = слишком длинное имя вида документа
unreadable-no-period = не дата
unreadable-no-flag = не истина и не ложь
error-sync-store-changed = Пока хранилище сверялось с 1С, его обновила синхронизация.
remedy-sync-store-changed = Дождитесь конца синхронизации и повторите.
error-sync-cancelled = Синхронизация прервана.
remedy-sync-cancelled = Прежние данные целы. Запустите синхронизацию снова, когда будет удобно: уже прочитанное пригодится.
error-own-mistake = Программа остановилась из-за собственной ошибки в { $place }.
remedy-own-mistake = Запустите её снова: данные в хранилище целы. Если повторится, отправьте разработчикам { $report }.
error-sync-internal = Внутренняя ошибка sverka: { $what }.
remedy-sync-internal = Повторите. Если не пройдёт, отправьте разработчикам этот текст и файл last-crash.txt из ~/.local/state/sverka.

## Findings: what a sync found that somebody should mend
error-clocks-differ = Часы расходятся больше чем на сутки: здесь { $ours }, на сервере { $server }. Период покупок считается по более ранним, чтобы не потерять ни одной покупки.
remedy-clocks-differ = Исправьте те часы, что идут неверно (этого компьютера, веб-сервера или прокси перед 1С), и повторите синхронизацию.
error-window-jumped = По часам слишком старыми для `days` стали { $lost } { $lost ->
        [one] строка покупок
        [few] строки покупок
       *[other] строк покупок
    }, а продаж в 1С после { $date } нет. В sverka этих покупок больше нет.
remedy-window-jumped = Проверьте часы этого компьютера и сервера 1С. Если какие-то врали, выставьте их и повторите полную синхронизацию: `sverka sync`. Если магазин и правда столько не торговал, делать ничего не нужно.
error-part-lost = { $what } раньше были, а теперь 1С их не отдаёт: «{ $name }»; полных синхронизаций без них: { $syncs }.
remedy-part-lost = Верните «{ $name }» в состав стандартного интерфейса OData и дайте учётной записи право на чтение. Если этого больше нет насовсем, делать ничего не нужно: после третьей полной синхронизации без этих данных напоминания прекратятся.
error-not-by-card = «{ $name }» ведётся не по картам: строк или итогов там { $rows }, и ни один ключ не совпал с картой справочника. Баллы неизвестны.
remedy-not-by-card = Укажите поле карты в `points_card` раздела [onec.names]. Если такого поля в регистре нет, баллы по картам узнать нельзя.
error-sales-not-by-card = «{ $name }» ведётся не по картам: строк или итогов там { $rows }, и ни один ключ не совпал с картой справочника. У всех клиентов были бы нули; хранилище осталось как было.
remedy-sales-not-by-card = Укажите поле карты в `sales_card` раздела [onec.names] или правильный справочник в `cards` и повторите синхронизацию.
error-cards-unlisted = В справочнике нет карт, по которым есть продажи: { $cards } из { $of }. Чьи это покупки, sverka сказать не может.
remedy-cards-unlisted = Если их никто не удалял, логину sverka видны не все карты: попросите администратора 1С открыть ему справочник целиком (ограничение доступа на уровне записей) и повторите синхронизацию.
error-owners-unlisted = В справочнике нет владельцев, указанных в картах: { $cards } из { $of } карт. Их имена, города и адреса почты неизвестны.
remedy-owners-unlisted = Если их никто не удалял, логину sverka видны не все владельцы: попросите администратора 1С открыть ему справочник целиком (ограничение доступа на уровне записей) либо укажите нужный справочник в `owners` раздела [onec.names]. Затем выполните полную синхронизацию: `sverka sync`.
error-totals-contradict = Итоги самой 1С расходятся с её строками, прочитанными повторно; карт: { $cards }, например { $example }.
remedy-totals-contradict = Попросите администратора 1С пересчитать итоги регистров (тестирование и исправление) и повторите синхронизацию. До этого формы 1С могут показывать по этим картам не то, что sverka.
error-opening-names-unborne = Ни один документ базы не называется так, как задан начальный ввод: «{ $names }». Продажи по картам пишут документы: { $types }.
remedy-opening-names-unborne = Впишите в `opening_balance` раздела [onec.names] тот документ, которым переносили остатки; если остатков не переносили, оставьте список пустым: `opening_balance = []`. Затем повторите синхронизацию.
error-opening-names-left-out = Документы, названные начальным вводом, исключены настройкой `ignored_recorders`: «{ $names }». Начальный ввод не учитывается.
remedy-opening-names-left-out = Уберите этот документ из `ignored_recorders` или из `opening_balance` раздела [onec.names], затем повторите синхронизацию.
error-opening-names-too-broad = Имя в `opening_balance` подходит и к обычным документам: { $types }. Их покупки попали бы в начальный ввод.
remedy-opening-names-too-broad = Впишите в `opening_balance` раздела [onec.names] полное имя документа, которым вводили остатки. Если остатки вводили именно этими документами, укажите их полностью: { $setting }. Затем повторите синхронизацию.
error-ignored-names-unborne = Ни один документ базы не называется так, как задано в `ignored_recorders`: «{ $names }». По этому имени ничего не исключено. Продажи по картам пишут документы: { $types }.
remedy-ignored-names-unborne = Впишите в `ignored_recorders` раздела [onec.names] документ так, как он называется в 1С, или уберите это имя. Затем повторите синхронизацию.
error-fields-unborne = 1С не знает имени, заданного в разделе [onec.names]: { $settings }. По нему ничего не читается.
remedy-fields-unborne = Впишите имя так, как оно в 1С, или опубликуйте его там; если имя обычное, уберите строку. Какие наборы и поля есть в 1С, покажет `sverka doctor`. Затем повторите синхронизацию.
error-types-untold = У части продаж 1С не сообщает вид документа: неизвестно, перенесён ли каким-то из них начальный ввод («{ $names }»), и он не отделён от покупок.
remedy-types-untold = Опубликуйте поле `Recorder_Type` регистра продаж (состав OData, права пользователя) и повторите синхронизацию. Если регистр пишет один вид документов, такого поля у него нет: начальный ввод там от покупок не отличить. Имена в `opening_balance` могут быть верными: не меняйте их.
error-opening-types-unnamed = Похоже, что остатки перенесены и документами, которых нет в `opening_balance`: { $types }. Так говорят их названия либо то, что продажи они записывали один раз и давно. Пока их строки считаются покупками.
remedy-opening-types-unnamed = Посмотрите эти документы в 1С. Если ими переносили остатки, добавьте их в `opening_balance` раздела [onec.names] ({ $setting }); если это продажи — в `purchase_recorders`; если учитывать их не нужно — в `ignored_recorders`. Затем повторите синхронизацию.
error-out-of-range = Суммы слишком велики, чтобы их сверить: { $cards ->
        [one] { $cards } карта
        [few] { $cards } карты
       *[many] { $cards } карт
    }, например { $example }. Не сверено.
remedy-out-of-range = Посмотрите документы этой карты в 1С: сумма или количество в них явно ошибочны. Исправьте и повторите синхронизацию.
error-other = Более новая версия sverka нашла то, что эта версия описать не может.
remedy-other = Выполните `sverka status` в новой версии.
lost-sales = Продажи
lost-points = Баллы
lost-products = Названия товаров
lost-sales-totals = Итоги 1С по продажам
lost-points-totals = Остатки баллов по итогам 1С
lost-cities = Города клиентов
lost-emails = Адреса электронной почты клиентов
lost-field = Значения поля
notice-finding = ! { $what } { $remedy }

## Queries

error-not-a-terminal = Панели нужен терминал: ввод или вывод перенаправлен.
remedy-not-a-terminal = Запустите sverka в терминале или `sverka --plain`: то же строками. Без панели работают команды sync, check, search и status.
error-terminal-dumb = В этом терминале панель показать нельзя: TERM=dumb.
remedy-terminal-dumb = Запустите `sverka --plain`: то же строками. Без панели работают и команды sync, check, search и status.
error-terminal-failed = Терминал не отвечает: { $what }.
remedy-terminal-failed = Проверьте переменную TERM или подключитесь заново.
error-metrics-place = Файл метрик здесь создать нельзя: { $path }.
remedy-metrics-place = Укажите файл в существующей папке, обычно это папка textfile collector: /var/lib/node_exporter/sverka.prom.
error-metrics-not-left = Метрики не записаны в { $path }: { $why }.
remedy-metrics-not-left = Дайте пользователю sverka право писать туда и проверьте, есть ли место. Сам результат команды от этого не зависит.
error-card-gone = Этой карты больше нет ни в sverka, ни в 1С.
remedy-card-gone = Найдите клиента заново: после синхронизации список мог измениться.
error-copy-unwritable = Не удалось записать файл в { $path }: { $why }.
remedy-copy-unwritable = Проверьте права и место на диске или скопируйте через терминал: y.

### doctor

## Names of the checks
doctor-config = Настройки
doctor-secret = Пароль
doctor-name = Имя сервера
doctor-certificate = Сертификат сервера
doctor-connection = Соединение
doctor-credentials = Вход в 1С
doctor-sets = Опубликованные таблицы 1С
doctor-fields = Поля
doctor-ways = Способы запроса
doctor-virtual-tables = Виртуальные таблицы
doctor-recorder-types = Виды документов
doctor-clock = Часы
doctor-timezone = Часовой пояс
doctor-store = Хранилище
doctor-lock = Запись в хранилище
doctor-engine = Движок

## Outcomes
doctor-skipped = не проверено: мешает проблема выше

## Details and remedies
doctor-config-file = прочитаны из { $path }
doctor-config-no-file = файла нет, всё взято из переменных и значений по умолчанию
doctor-secret-given = указан в настройках
doctor-secret-file = прочитан из { $path }
doctor-secret-command = получен от команды
doctor-secret-credential = учётные данные systemd (credential) { $name }
doctor-name-found = { $host }: { $addresses }
doctor-certificate-found = действует до { $until }, выдал { $issuer }
doctor-certificate-ends = скоро истекает, { $until }; выдал { $issuer }
doctor-connection-took = ответ за { $time }
doctor-credentials-accepted = пользователь { $user } принят
doctor-sets-found = найдено: { $found } из { $total }
doctor-sets-missing = не опубликовано: { $names }
doctor-fields-found = все нужные поля есть
doctor-fields-missing = нет полей: { $names }
doctor-usual-beside = { $key } = «{ $named }», а в 1С есть и обычное «{ $usual }»
doctor-ways-offered = 1С отвечает на все нужные запросы
doctor-gone-without = { $why } Синхронизация обойдётся без этого
doctor-virtual-tables-found = опубликованы: суммы сверяются с итогами самой 1С
doctor-virtual-tables-missing = 1С не отдаёт: { $names }. Данные останутся несверенными, пока их не сверит `sverka check`
doctor-types-fit = имена начального ввода в настройках подходят этой базе
doctor-types-none = в регистре продаж пока нет записей
types-title = За что приняты документы в регистре продаж 1С
types-asked = Спрашиваю 1С, какие документы пишут в регистр продаж…
doctor-types-untold = 1С не называет виды документов всех записей: начальный ввод не отличить от покупок, и он останется не сверенным.
doctor-type-nameless = (вид не назван)
doctor-type-rows = записей: { $rows }
role-opening-balance = начальный ввод
role-purchase = покупки
role-ignored = не учитывается
doctor-remedy-types = Впишите в раздел [onec.names] строку: { $line }. Если какой-то из этих документов остатков не переносил, уберите его из строки.
doctor-remedy-types-none = Если остатки переносили, впишите этот документ в opening_balance раздела [onec.names]; если нет, оставьте список пустым: { $line }
doctor-remedy-types-untold = Начальный ввод здесь нельзя подтвердить итогами 1С: сверяйте карты построчно командой `sverka check`.
doctor-clock-agrees = совпадают с часами сервера: { $server }
doctor-clock-differs = здесь { $ours }, на сервере { $server }
doctor-clock-unknown = сервер не сообщает своё время
doctor-timezone-now = { $zone }, там сейчас { $time } (база часовых поясов { $version })
doctor-store-found = { $path }, { $bytes }, версия данных { $generation }
doctor-store-none = { $path }: появится при первой синхронизации
doctor-lock-free = никем не занята
doctor-store-network = { $path } лежит на сетевой файловой системе ({ $kind }): блокировки там не гарантированы
doctor-remedy-network = Перенесите хранилище на диск этого компьютера: store.path или --store.
doctor-remedy-publish = Попросите администратора 1С проверить, что это (для таблиц итогов — сам регистр) входит в состав стандартного интерфейса OData, а у пользователя есть право на чтение.
doctor-remedy-ways-of-proof = Данные не теряются, но подтвердить их сама синхронизация не сможет: построчно их сравнивают `sverka check` и `sverka reconcile --live`. Если перед 1С стоит прокси-сервер, проверьте, что запросы он передаёт целиком.
doctor-remedy-ways = Делать ничего не нужно: синхронизация сама запросит иначе. Это дольше, но ни один показатель не теряется.
doctor-remedy-usual-beside = Убедитесь, что названо то, что нужно: показатели другого поля сходятся с 1С точно так же. Сравните одну карту с тем, что показывает 1С; если нужно обычное имя, уберите строку из раздела [onec.names].
doctor-remedy-names = Укажите в разделе [onec.names], как это называется в вашей конфигурации.
doctor-remedy-certificate = Обновите его заранее: с просроченным синхронизация не работает.
doctor-remedy-unchecked = Укажите сертификат удостоверяющего центра сервера в onec.ca_file и снова включите проверку.
doctor-remedy-clock-days = Исправьте часы, которые идут неверно (NTP). Они разошлись больше чем на сутки: до тех пор период покупок считается по более ранним, а остаток баллов не подтверждается.
doctor-remedy-clock = Исправьте часы, которые идут неверно (NTP). До тех пор период покупок считается по часам сервера.
doctor-remedy-lock = Дождитесь завершения этого процесса или закройте его.
doctor-lock-held = занята процессом { $pid } на { $host }, с { $since }

### Dashboard

## Panes
pane-stages = Синхронизация
pane-search = Поиск
pane-customers = Клиенты
pane-detail = Клиент
pane-journal = Журнал
pane-journal-warnings = Журнал: ошибки и предупреждения
pane-journal-errors = Журнал: только ошибки
pane-help = Клавиши
palette-nothing = Ничего с такими словами нет.
pane-palette = Команда
pane-explain = Разбор расхождения
pane-portal = Последняя синхронизация: было — стало
pane-line = Строка целиком
pane-pick = Что скопировать
pane-raw-answer = Ответ 1С как есть
pane-document-types = Типы документов
side-onec = 1С
side-stored = sverka
side-running = нарастает
pane-recent = Последние клиенты
pane-lines = Подробно
pane-reconcile = Сверка всей базы
pane-export = Записать в файл
pane-view = Кого показывать
section-comparison = Сверка
section-purchases = Покупки
section-bonus = Баллы
section-documents = Документы
section-fields = Поля 1С

## Stages and their states
stage-preparing = Подготовка
stage-cards = Карты и владельцы
stage-opening-balances = Начальный ввод
stage-purchases = Покупки
stage-points = Баллы
stage-control-totals = Итоги 1С
stage-publishing = Публикация
stage-rate = { $rate } { $rate ->
        [one] строка/с
        [few] строки/с
       *[many] строк/с
    }
stage-rows-of = { $done } из { $total }
stage-retries = повторов: { $n }
stage-rowless = новых строк от 1С нет { $time }
stage-silent = 1С молчит { $time } (запрос: { $what })
stage-silent-until = 1С молчит { $time } (запрос: { $what }), ждём до { $patience }
stage-silent-until-short = 1С молчит { $time }: { $what }, ждём до { $patience }
asked-preparing = что опубликовано
asked-cards = карты и владельцы
asked-opening-balances = начальный ввод
asked-purchases = покупки
asked-points = баллы
asked-control-totals = итоги
asked-publishing = ничего
stage-last-retry = повторов: { $n }, последний { $age }: { $why }
repeat-in = повтор { $number } из { $of } через { $wait }: { $why }
repeat-unanswered = повтор { $number } из { $of } отправлен, 1С не отвечает { $time }
repeat-now = повтор { $number } из { $of }: { $why }
stage-rejected = не прочитано: { $n }

## State of the data and of the sync
status-fresh = данные { $age }
status-stale = данные { $age } (устарели)
status-never = данных ещё нет
status-cards = { $n } { $n ->
        [one] карта
        [few] карты
       *[many] карт
    }
status-variances = расхождений: { $n }
status-before-window = с более ранними покупками: { $n }
status-reconciled = сверено: { $n }
status-unverified = не сверено: { $n }
status-unlisted = только в 1С: { $n }
status-findings = замечаний: { $n }
status-viewers = терминалов: { $n }
status-errors = ошибок: { $n }
status-stopping = останавливается

## Columns and rows
column-code = Код
column-name = Клиент
column-phone = Телефон
column-city = Город
column-birthday = День рождения
column-total = Итого
column-points = Баллы
column-variance = Расхождение
column-onec = 1С
column-stored = sverka
row-opening-balance = Начальный ввод
row-purchases = Покупки
row-total = Итого
row-total-onec = Итого в 1С
summary-burning = { $points } сгорят { $date }
summary-burning-least = до { $day }
summary-burning-short = { $points } до { $day }
summary-opening = { $sum } нач. ввод
summary-purchases = { $sum } покупки
summary-before = { $sum } раньше
row-before-window = Раньше
row-before-window-date = Раньше (до { $date })
row-points = Баллы
row-city = Город
row-card = Карта
row-email = Почта
row-barcode = Штрихкод
mark-equal = совпадает
mark-deleted = карта помечена на удаление
mark-invalid = карта недействительна
mark-packaging = упаковка
mark-receipt = приход
mark-expense = расход
points-disagree = баллы { $rule }: { $other }
against-live = с 1С построчно, { $age }
against-control-totals = с итогами 1С
against-none = Сравнивать не с чем

## Search
search-hint = телефон, имя, город или карта
search-found = Найдено: { $n }
search-kept = Найдено: { $n } из { $of }
read-by-layout = прочитано как «{ $query }»
read-by-letters = похоже на «{ $query }»
read-by-typo = похоже на «{ $query }»
search-nothing-left = Под фильтр никто не подходит. { $view } — кого показывать.
search-nothing = Никого не найдено. Попробуйте часть имени или последние цифры телефона.
search-nothing-left-off = Клиентов ещё нет: первая синхронизация прервана на { $percent }. { $sync } — продолжить.
search-nothing-stored = Клиентов ещё нет. { $sync } — синхронизировать.
search-nothing-yet = Идёт первая синхронизация: список появится сам.
owner-cards-others = ещё { $n } { $n ->
    [one] карта
    [few] карты
   *[many] карт
}:
owner-cards-sum = Сумма { $n } { $n ->
    [one] карты
   *[many] карт
}:
owner-cards-points = баллы { $points }
owner-cards-key = { $key } — список
detail-nothing = Выберите клиента.
detail-loading = Читаю…
detail-no-purchases = За этот период покупок нет.
detail-no-such-purchases = Таких покупок нет. Достаточно части названия, даты или суммы.
detail-no-bonus = Баллы не начислялись и не списывались.
detail-no-differences = Расхождений нет.
detail-name-none = без имени
detail-product-none = без товара
detail-reading = Читаю: { $who }…
check-running = Сверяю с 1С, { $time }…
check-running-quietly = Сверяю с 1С…
check-trying = Попытка { $attempt }, { $time }: { $why } Esc — хватит

## Messages in passing
passing-published = Готово: { $cards } { $cards ->
        [one] карта
        [few] карты
       *[many] карт
    }, расхождений: { $variances }.
dash-paused = Пауза с { $at }, пройдено { $percent }. Прежние данные целы.
passing-reconciled = Вся база сверена. Карт: { $cards }, расхождений: { $variances }, не сверено: { $unverified }
passing-cancelled = Синхронизация остановлена. Прежние данные целы.
passing-sync-elsewhere = Сейчас синхронизирует другой процесс: его результат появится здесь сам.
passing-checked = { $who }: { $verdict }
passing-theme = Тема: { $theme }
passing-mouse-on = Мышь включена. Выделять текст — с Shift.
passing-mouse-off = Мышь отключена: выделяйте и копируйте текст как обычно.
theme-terminal = цвета терминала
theme-night = ночь
theme-day = день
theme-monochrome = без цветов
theme-custom = из файла
passing-nothing-to-check = Сначала выберите клиента.
settings-changed = Файл настроек изменился: { $keys }. Новые значения подействуют после перезапуска sverka.
passing-no-other-cards = Других карт этого владельца нет.
passing-no-fields = Поля 1С ещё не прочитаны. { $open } — прочитать.
passing-no-request = Здесь нет запроса к 1С. { $check } — сверить построчно.
passing-nothing-to-copy = Здесь нечего копировать.
passing-nothing-to-write = Ни одной карты: записывать в файл нечего.
passing-no-json = В JSON это не выводится. { $copy } — скопировать текстом.
passing-nobody-stored = Этого клиента в sverka нет: показать некого.
passing-answer-differs = Карта расходится с 1С: проверьте ответ.
passing-answer-points = Баллы с 1С не сверены.
passing-answer-unverified = С 1С не сверено: проверьте ответ.
passing-copied-again = Скопировано, знаков: { $n }
passing-copied-terminal = Скопировано через терминал (OSC 52), знаков: { $n }. Не вставилось? { $save } — в файл.
passing-copied-tmux = Скопировано в буфер tmux и терминала, знаков: { $n }. Не вставилось? { $save } — в файл.
passing-copied-file = Записано в файл { $path }, знаков: { $n }

## Journal
journal-empty = Пока ничего не произошло.
journal-sync-started = Синхронизация началась
journal-sync-published = Синхронизация завершена. Карт: { $cards }, расхождений: { $variances }
journal-engine-back = Движок снова на связи
journal-engine-came = Появился движок хранилища, этот терминал подключён к нему
journal-sync-elsewhere = В другом процессе началась синхронизация
journal-published-elsewhere = Другой процесс обновил данные: карт { $cards }, расхождений { $variances }
journal-cancelled-elsewhere = Синхронизация в другом процессе остановлена
journal-failed-elsewhere = Синхронизация в другом процессе не удалась: { $code }
journal-sync-failed = Синхронизация не удалась
journal-sync-cancelled = Синхронизация остановлена
journal-store-verified = Хранилище перечитано: исправно
journal-checked = { $who }, карта { $code }: { $verdict }
journal-reconciled = Сверка всей базы завершена. Карт: { $cards }, расхождений: { $variances }, не сверено: { $unverified }
journal-reconcile-cancelled = Сверка всей базы остановлена
journal-export-cancelled = Запись в файл остановлена, файла нет
journal-failed = { $message } [{ $code }]
journal-crashed = Внутренняя ошибка: { $job }. Программа работает дальше.
journal-crashed-at = Внутренняя ошибка: { $job }, { $at }. Программа работает дальше.
journal-none = Ничего не подходит.
journal-hint = Enter — целиком · буквы — поиск · { $filter } — важное · { $copy } — копировать · Esc — закрыть
journal-hint-middle = Enter — целиком · буквы — поиск · { $filter } — важное · { $copy } — копия
journal-hint-short = Enter — целиком · Esc — закрыть
journal-plain = событие
journal-warning = предупреждение
journal-error = ошибка
journal-request = Запрос: { $stage }, повтор { $number } из { $of }
journal-request-of = Запрос: { $set } ({ $stage }), повтор { $number } из { $of }
journal-code = Код: { $code }, подробнее: { $page }
journal-run = Прошлый запуск: { $run } (процесс { $pid })
journal-earlier = Ранее: { $what }
log-checked = Карта { $code }: { $verdict }
job-search = поиск
job-open = чтение клиента
job-check = сверка клиента
job-document-types = чтение типов документов
job-raw-answer = ответ 1С на запрос
job-fields = чтение полей 1С
job-portal = чтение последней синхронизации
job-reconcile = сверка всей базы
job-list = чтение сверенных карт
job-export = запись в файл
job-copy = копирование
job-sync = синхронизация
job-watch = наблюдение за хранилищем
job-verify = проверка хранилища
job-settings = запись настроек
job-engine = запуск движка
job-keep = сохранение вида экрана
job-status = состояние хранилища
notice-stage-started = { $stage }…
done-preparing = Подготовка закончена
done-cards = Карты и владельцы: строк нет
done-opening-balances = Начальный ввод: строк нет
done-purchases = Покупки: строк нет
done-points = Баллы: строк нет
done-control-totals = Итоги 1С получены
done-publishing = Данные записаны
notice-stage-done = { $rows ->
        [one] { $stage }: прочитана { $rows } строка
        [few] { $stage }: прочитано { $rows } строки
       *[many] { $stage }: прочитано { $rows } строк
    }
notice-retrying = { $stage }, { $repeat }
notice-retrying-of = { $stage } ({ $set }), { $repeat }
notice-rejected = { $set }: строка не прочитана, { $key }: «{ $field }», { $why }
notice-filter-refused = 1С не отбирает по { $what }: читаю всё и отбираю здесь
notice-otherwise = 1С ({ $set }): { $way }
way-select = нельзя перечислить поля: строки приходят целиком
way-field = нет поля { $what }: читаю без него
way-shared-key = в регистр записывают документы только одного вида
way-no-metadata = нельзя получить строки без ссылок (odata=nometadata): приходят со ссылками
way-order = нельзя упорядочить строки: читаю по коротким периодам или всё одним запросом
way-skip = нельзя пропустить первые строки ($skip): читаю всё одним запросом
way-top = нельзя ограничить число строк ($top): читаю всё одним запросом
way-active = нельзя отобрать по Active: неактивные строки отсеиваю здесь
way-filter = нет отбора по { $what }: читаю всё и отбираю здесь
way-item = нельзя прочитать отдельный элемент: читаю весь справочник
way-count = нет /$count: узнаю число вместе со строкой
way-inline-count = нет $inlinecount: считаю, читая
way-dimensions = измерения итогов называются иначе
way-condition = итоги по одной карте не отдаются: запрашиваю по всем
way-period = итоги за период не отдаются: то, для чего они нужны, не подтверждено
way-all-time = остатки за всё время не отдаются: строки будущих дат ими не подтверждены
way-width = итоги за такой долгий период не отдаются: складываю из коротких
way-base-sums = итоги по всей базе одной строкой не отдаются: запрашиваю итоги по каждой карте
way-table = { $what } не отдаётся: показатели им не подтверждены
notice-not-published = В 1С нет { $what }: обхожусь без этого
notice-field-not-published = В 1С нет поля «{ $field }» ({ $set }): обхожусь без него
notice-gone-without = { $why } Продолжаю без этого.
notice-new-address = адрес базы изменился: { $what }
notice-command-failed = Команда sync.on_event завершилась с кодом { $status }.
notice-command-broke = Команда sync.on_event не запустилась или не закончилась за полминуты.
notice-mirrored = Зеркало: версия данных { $generation }, сходится; изменено карт и товаров: { $changed }
notice-mirror-differs = Зеркало показывает версию данных { $generation }, но не сверено. { $what } { $remedy }
notice-mirror-failed = Зеркало не обновлено. { $what } { $remedy }
notice-changed-underneath = { $what }: изменилось во время чтения, читаю снова
notice-totals-contradict = итоги самой 1С расходятся с её строками, прочитанными трижды; карт: { $cards }
notice-going-on = Продолжаю прерванную синхронизацию (начата { $at }): проверяю, что прочитанное не изменилось
notice-sudden-loss = внезапно стало меньше: { $what }, было { $before }, стало { $now }; повторная проверка через { $pause }
notice-loss-taken = повторная проверка показала то же: { $what }, было { $before }, стало { $now }; данные записаны, убедитесь, что так и должно быть
loss-cards = карты
loss-opening-balances = строки начального ввода
loss-purchases = покупки
loss-bonus-rows = бонусные записи
loss-money = сумма продаж, руб.
loss-latest-purchases = покупки, нет последних (восстановлена копия базы?)
notice-clocks-differ = Часы расходятся: здесь { $ours }, на сервере { $server }. Период покупок считается по часам сервера.
notice-full-instead = Полное чтение: { $why }.
notice-delta = Изменения: новых карт { $listed }, разошлось по итогам { $cards }, перечитано строк { $rows }
notice-delta-is-blind = 1С не отдаёт итогов: то, что изменено раньше { $since }, появится в течение { $bound } синхронизаций изменений
notice-delta-is-blind-to-points = 1С не отдаёт остатков баллов: баллы, изменённые раньше { $since }, появятся в течение { $bound } синхронизаций изменений
why-full-no-basis = сравнивать пока не с чем
why-full-limit = задано ограничение числа карт, с ним одни изменения не читаются
why-full-other-terms = с прошлого раза изменились база, имена в ней или период
why-full-due = подошёл срок полной синхронизации
why-full-filters-refused = 1С не поддерживает нужный отбор
why-full-unexplained = итоги 1С расходятся, и повторное чтение этого не объясняет; карт: { $cards }
why-full-sudden-loss = много данных внезапно исчезло, нужна полная проверка

## Questions
ask-quit = Синхронизация остановится. Прочитанное сохранится, следующая синхронизация продолжит с этого места.
ask-quit-idle = Синхронизация тем временем завершилась: ничего не прервётся.
ask-quit-title = Выйти?
ask-quit-base = Сверка всей базы или запись в файл прервётся, начинать придётся заново.
ask-cancel-sync = Прочитанное сохранится, данные на экране останутся прежними.
ask-cancel-sync-title = Остановить синхронизацию?
ask-first-sync = Вход в 1С проверен, настройки записаны. Первая синхронизация читает всё и может идти долго; прерванная продолжится с того же места.
ask-first-sync-title = Начать первую синхронизацию?

## Footer
key-help = Всё
key-find = Поиск
key-view = Вид
key-set-up = Проверить и записать
key-next-field = Следующее поле
key-demo = Демо
key-check = Сверить
key-explain = Разбор
key-answer = Ответ
key-copy = Копия
key-sync = Синхр
key-engine = Движок
key-journal = Журнал
key-reconcile = Вся база
key-section = Раздел
key-open = Открыть
key-back = Назад
key-customer = К клиенту
key-start = Сверить всю базу
key-cause = Причина
key-filter = Фильтр
key-again = Заново
key-save = В файл
key-json = JSON
key-do = Выполнить
key-choose = Выбрать
key-whole = Целиком
key-weight = Важность
key-give-up = Прервать
key-all-lines = Все строки
key-all-cards = Все карты
key-yes = Да
key-no = Нет
key-quit = Выход

## Help
help-help = показать клавиши
help-find = перейти к поиску
help-recent = выбрать из последних десяти клиентов
help-find-line = искать в покупках клиента
help-older-query = предыдущий запрос
help-newer-query = следующий запрос
help-palette = набрать команду словами
help-view = выбрать, кого показывать и в каком порядке
help-filter = список: все, с расхождением, не сверены, с баллами
help-cause = в сверке базы: только карты с причиной под этим номером, ещё раз — все
help-city = список: город выбранного клиента или все города
help-owner-cards = список: все карты этого владельца или прежний список
help-sort = порядок по следующему столбцу
help-turn-round = обратный порядок
help-sort-by = порядок по столбцу с этим номером, 0 — по совпадению
help-check = сверить клиента с 1С сейчас
help-explain = разбор расхождения: от итога до первой отличающейся строки
help-raw-answer = ответ 1С на запрос за цифрами или полями, как есть
help-portal = последняя синхронизация: было, стало, 1С, расхождение
help-copy = скопировать то, что показано
help-copy-json = скопировать то же в JSON
help-save = в файл: скопированное или то, что показано
help-answer = скопировать ответ клиенту одной фразой
help-pick = выбрать, что скопировать: телефон, сумму…
help-sync = начать или остановить синхронизацию
help-cancel = остановить синхронизацию
help-document-types = типы документов: что начальный ввод, а что покупки
help-engine = снова запустить движок
help-journal = показать журнал
help-reconcile = сверка всей базы: итоги, расхождения, причины, файлы
help-section = следующий раздел
help-previous-section = предыдущий раздел
help-mask = точки вместо личных данных или сами данные
help-theme = следующая тема
help-mouse = включить или выключить мышь
help-set-up = первый запуск: проверить вход в 1С и записать настройки
help-next-field = первый запуск: следующее поле
help-previous-field = первый запуск: предыдущее поле
help-leave-form = первый запуск: прервать проверку или выйти, ничего не записав
help-demo = первый запуск: посмотреть демо
help-quit = выйти
help-end = выйти сразу, не спрашивая
help-next-pane = следующая панель
help-previous-pane = предыдущая панель
help-up = строкой выше
help-down = строкой ниже
help-page-up = страницей выше
help-page-down = страницей ниже
help-first = в начало
help-last = в конец
help-open = открыть клиента
help-back = назад или очистить поиск
help-redraw = перерисовать экран
help-suspend = уйти в оболочку; вернуться — fg
help-yes = да
help-no = нет

## First start
first-run-title = sverka держит клиентов магазина из 1С под рукой и доказывает каждую сумму до копейки.
first-run-form = sverka ещё не знает вашу 1С. Заполните три поля: она проверит вход и запишет настройки в { $path }.
first-run-address = Адрес 1С
first-run-user = Логин
first-run-password = Пароль
first-run-address-hint = Адрес, по которому опубликована база: от http:// или https:// до /odata/standard.odata.
first-run-user-hint = Пользователь 1С с аутентификацией 1С:Предприятия и правом на OData. sverka только читает.
first-run-password-hint = Пароль останется в файле настроек, читать который сможете только вы.
first-run-password-given = Пароль уже задан переменной окружения: поле можно не заполнять.
first-run-entering = Вхожу в 1С… { $time }
first-run-types = Вход выполнен. Спрашиваю, какие документы записывают продажи… { $time }
first-run-others = Нет 1С под рукой — F7 покажет демо: выдуманный магазин, без настроек и сети. Все настройки с пояснениями, без вопросов, запишет `sverka init`.
first-run-incomplete = В настройках { $path } ещё не сказано, как попасть в 1С: не задано { $missing }.
first-run-edit = Откройте файл в редакторе, впишите url, user и password_file в раздел [onec] и запустите sverka снова.
report-label-read = Данные sverka
first-run-demo = F7 покажет демо: выдуманный магазин, без настроек и сети, после себя ничего не оставляет.
first-run-doctor = `sverka doctor` проверит настройки и скажет, чего не хватает.
demo-mark = ДЕМО
insecure-mark = СЕРТИФИКАТ НЕ ПРОВЕРЯЕТСЯ

### Reports and commands

## check: whom, when, against what
report-label-customer = Клиент
report-label-compared = Сверка
report-label-stored = Хранилище
report-marked = { $name } ({ $marks })
report-city-found = { $city } ({ $source })
report-against-live = с 1С, построчно, { $time }
report-against-totals = с контрольными итогами 1С, полученными при синхронизации
report-against-totals-asked = с контрольными итогами 1С, запрошенными { $time }
report-against-none = не с чем: 1С не ответила
report-stored-at = от { $time }, { $age }
report-stored-stale = от { $time }, { $age }: устарели
report-stored-never = ещё нет
answer-unnamed = У вас { $told }.
answer-by-name = { $name }, у вас { $told }.
answer-points = { $points } { $n ->
        [one] балл
        [few] балла
       *[many] баллов
    }
answer-burning = { $n ->
        [one] { $points } из них сгорит { $date }
        [few] { $points } из них сгорят { $date }
       *[many] { $points } из них сгорят { $date }
    }
answer-burning-all = { $n ->
        [one] он сгорит { $date }
       *[other] все они сгорят { $date }
    }
answer-total = покупок на { $sum } ₽

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
report-mark-not-stored = в sverka нет
report-mark-before-window = в 1С { $sum }: более ранние покупки
report-mark-not-in-onec = в 1С нет
report-uncompared = не сверено: { $why }

## check: the table
report-row-purchases = Покупки ({ $lines } { $lines ->
        [one] строка
        [few] строки
       *[many] строк
    })
report-city-differs = отличается

## check: what differs
report-differences = Что расходится:
report-difference = { $kind }: 1С { $onec }, sverka { $stored }
report-difference-reason = { $kind } ({ $reason }): 1С { $onec }, sverka { $stored }
report-difference-own-sum = { $kind } ({ $reason }): итог { $onec }, строки { $rows }
report-difference-line = строка { $line }
report-differences-sum = Всего по этим строкам: 1С { $onec }, sverka { $stored }, расхождение { $variance }
report-doubled-sale = Внимание: похоже, одна продажа записана дважды: { $what }. Лишний вид документа исключает настройка `ignored_recorders` в разделе [onec.names].

## check: points by both rules
report-points-last-record = Баллы взяты из последней записи регистра: { $figure }. Остаток регистра: { $other }.
report-points-balance = Баллы взяты как остаток регистра: { $figure }. Последняя запись: { $other }.
report-points-balance-onec = Остаток регистра в 1С: { $balance }.
report-points-disagree = ≠ По двум правилам баллы разные. Это справка, а не расхождение с 1С.

## check: what it means and what to do
report-verdict-reconciled-live = Сверено построчно: с 1С совпадает до копейки.
report-verdict-reconciled-live-money = Покупки сверены построчно: с 1С совпадают до копейки. Баллы не подтверждены, см. выше.
report-verdict-reconciled-totals = Сверено: с контрольными итогами 1С совпадает до копейки.
report-verdict-before-window = С { $date } всё совпадает. Более ранние покупки (до { $date }) на { $money } руб. есть только в 1С: на эту сумму итог там больше.
report-next-before-window = Чтобы совпал и итог, увеличьте `days` в разделе [sync] (0 — вся история) и выполните `sverka sync`.
report-verdict-variance = Расхождение с 1С: { $variance } руб. (sverka минус 1С).
report-verdict-variance-other = Расхождение с 1С: см. отмеченное выше.
report-next-variance-live = Выполните `sverka sync` и повторите сверку: если 1С изменилась после синхронизации, расхождение исчезнет.
report-next-variance-opening = Если начальный ввод сделали в 1С после синхронизации, выполните `sverka sync`. Если расхождение останется, проверьте `opening_balance` в разделе [onec.names]: документ ввода остатков назовёт `sverka doctor`.
report-next-variance-totals-key = { $check } — сверить построчно: будет видно, какие строки расходятся.
report-next-variance-totals = Повторите без --offline: построчная сверка покажет, какие строки расходятся.
report-verdict-unverified-none = Не сверено: 1С не ответила, показаны данные sverka.
report-next-unverified-none = Проверьте связь: `sverka doctor`, затем повторите.
report-verdict-unverified-totals = Не сверено: при синхронизации 1С не дала контрольных итогов по этой карте.
report-next-unverified-names = Исправьте `opening_balance` в разделе [onec.names]: документ ввода остатков назовёт `sverka doctor`. Затем выполните `sverka sync` и повторите сверку.
report-next-unverified-live = Повторите через минуту. Если не сверено и тогда, причину назовёт `sverka doctor`.
report-next-unverified-totals-key = { $check } — сверить карту построчно.
report-next-unverified-totals = Повторите без --offline: карта будет сверена построчно.
report-verdict-unverified-rows = Не сверено: часть строк 1С прочитать не удалось.
report-next-unverified-rows = Найдите в 1С строки, названные при синхронизации, исправьте их, выполните `sverka sync` и повторите сверку.
report-verdict-unverified-empty = Не сверено: данных в sverka ещё нет, показаны данные 1С.
report-next-unverified-empty = Выполните первую синхронизацию: `sverka sync`.
report-verdict-unknown-card = Карты нет в справочнике 1С: эти строки не принадлежат никому из покупателей.
report-nobody = Никто не найден: ни в sverka, ни в 1С. Попробуйте часть имени, последние цифры телефона или номер карты.
report-nobody-stored = Никто не найден. Попробуйте часть имени, последние цифры телефона или номер карты.
report-check-phone-moved = У карты { $card } в 1С сейчас другой телефон, а этот может быть уже у другого покупателя: выполните `sverka sync` и найдите его снова.
report-check-cut = Показано карт: { $shown } из { $total }. Уточните запрос.

## reconcile
report-base-totals = Сверка всей базы с 1С по контрольным итогам, { $time }
report-base-live = Сверка всей базы с 1С построчно, { $time }
report-base-nothing = База не сверена: 1С не ответила
report-base-synced = Данные sverka: от { $time }
report-base-cards = Карт { $cards }: сверено { $reconciled } · с расхождением { $variances } · не сверено { $unverified } · с более ранними покупками { $before }
report-base-unknown-cards = карт, которых нет в справочнике: { $cards }
report-base-other-settings = Данные прочитаны при других настройках ({ $settings }), а 1С спрошена по нынешним: `sverka sync` прочитает всё по ним.
report-base-absolute = Расхождения без учёта знака: { $money } руб. (без более ранних покупок)
report-base-uncompared = Не сверено: сравнить с 1С не с чем, итоги sverka на { $money } руб.
report-base-opening-uncompared = Начальный ввод, не подтверждённый итогами 1С: { $money } руб.
report-base-no-turnovers = 1С не публикует обороты регистра продаж: итоги сравнить не с чем. Построчно сверит --live; `sverka doctor` скажет, что не опубликовано.
report-base-moving = Карт, по которым продавали во время сверки: { $cards }. Их итоги известны, если прочитаны строки.
report-base-unread = Карт, которые расходятся по суммам, но строки их не прочитаны: { $cards }. Больше карт прочитает --worst.
report-base-empty-card = (без карты)
report-base-unknown = (неизвестная карта)
report-base-unknown-card = (неизвестная карта { $key })
report-base-more = … и ещё { $more }: все — в файле (--format json или xlsx)
report-base-since = { $causes }, с { $date }
report-base-what-to-do = Что делать:
report-base-cause = { $cause }, карт: { $cards }.
report-base-written = Строк: { $rows }. Контрольные итоги: 1С { $onec }, sverka { $stored }.
report-base-file = Записано в { $path }.
report-base-sums = итоги 1С
report-base-opening = начальный ввод
report-base-listing = карты справочника
report-base-comparing = сравнение карт
report-base-lines = строки карт
xlsx-sheet-summary = Сводка
xlsx-sheet-cards = Карты
xlsx-sheet-differences = Расхождения
xlsx-yes = да
xlsx-verdict = Результат
xlsx-opening-onec = Начальный ввод: 1С
xlsx-opening-stored = Начальный ввод: sverka
xlsx-opening-variance = Начальный ввод: расхождение
xlsx-purchases-onec = Покупки: 1С
xlsx-purchases-stored = Покупки: sverka
xlsx-purchases-variance = Покупки: расхождение
xlsx-lines = Строк
xlsx-total-onec = Итого: 1С
xlsx-total-stored = Итого: sverka
xlsx-total-variance = Итого: расхождение
xlsx-before-window = Раньше: 1С
xlsx-points-onec = Баллы: 1С
xlsx-points-stored = Баллы: sverka
xlsx-causes = Причины
xlsx-since = С какого дня
xlsx-remedy = Что делать
xlsx-difference = Что расходится
xlsx-period = Дата и время
xlsx-document-type = Вид документа
xlsx-document = Документ
xlsx-line = Строка
xlsx-onec = 1С
xlsx-stored = sverka
xlsx-reason = Причина
xlsx-totals = Итого
xlsx-compared-at = Сверено
xlsx-synced-at = Данные sverka от

## A running sync
report-progress-rows = { $done } { $done ->
        [one] строка
        [few] строки
       *[many] строк
    }
report-progress-rows-of = { $done } из { $total }
report-progress-rate = { $rate } { $rate ->
        [one] строка/с
        [few] строки/с
       *[many] строк/с
    }
report-progress-elapsed = прошло { $elapsed }
report-progress-left = осталось ~{ $left }
report-progress-retries = повторов { $retries }
report-progress-rejected = не прочитано { $rejected }

## The summary of a sync
report-sync-published = Синхронизация завершена за { $time }: записана версия данных { $generation }.
report-sync-failed = Синхронизация не удалась (прошло { $time }). В хранилище остаётся версия данных { $generation }.
report-sync-failed-empty = Синхронизация не удалась (прошло { $time }). Хранилище ещё пусто.
report-sync-cancelled = Синхронизация прервана через { $time }, ничего не изменено. В хранилище остаётся версия данных { $generation }.
report-sync-cancelled-empty = Синхронизация прервана через { $time }, ничего не изменено. Хранилище ещё пусто.
report-sync-holds = Содержимое
report-cards = Карты
report-opening-balances = Начальный ввод
report-purchases = Покупки
report-points = Баллы
report-sync-changes = Строк продаж: добавлено { $created }, изменено { $changed }, удалено { $removed }; не прочитано { $skipped }.
report-sync-traffic = Запросов { $requests }, из них повторов { $retries }; получено { $bytes }.
report-sync-delta = Изменения: новых и изменённых карт { $listed }; перечитано карт по итогам { $cards } (строк { $rows }); перечитано строк { $turned } (последние дни и очередная { $bound }-я часть истории). Правки, не меняющие сумм, появятся в течение { $bound } синхронизаций изменений; последняя полная синхронизация: { $full }.
report-sync-times = Время по этапам
report-sync-agrees-in-part = Прочитанные карты сверены с контрольными итогами 1С: расхождений нет. Остальные не сверялись.
report-sync-agrees = Все карты сверены с контрольными итогами 1С: расхождений нет.
report-sync-variances = Карт с расхождением: { $n }. Что именно расходится, покажет `sverka check`.
report-sync-before-window = У { $n } { $n ->
        [one] карты
       *[many] карт
    } есть более ранние покупки: на их сумму итог в 1С больше. Глубину задаёт `days` в разделе [sync].
report-sync-unverified = Не сверено карт: { $n }. Построчно карту сверит `sverka check`; причину назовёт `sverka doctor`.
report-sync-skipped = Непрочитанные строки названы выше: исправьте их в 1С и повторите синхронизацию.
report-problem = Ошибка: { $message } [{ $code }]
report-remedy = Что делать: { $remedy }

## search
report-search-found = Найдено: { $total } за { $ms } мс
report-search-cut = Показано { $shown } из { $total }: остальное покажет --limit или более точный запрос
report-search-nothing = По запросу «{ $query }» никто не найден. Попробуйте часть имени, последние цифры телефона или номер карты.
answered-by-layout = Прочитано в другой раскладке: «{ $query }»
answered-by-letters = По запросу никто не найден. Другими буквами похоже на «{ $query }»:
answered-by-typo = По запросу никто не найден. Похоже на «{ $query }»:

## status
report-status-generation = Версия данных
report-status-synced = Синхронизация
report-status-carried = Карт не прочитано
report-status-carried-of = { $n } из { $of } (`--limit`); данные { $read }
report-status-proof = Подтверждение
report-status-confirmed = итоги 1С запрошены дважды и совпали с данными
report-status-unconfirmed = итогами 1С данные в целом не подтверждены
report-status-movements = Строки продаж
report-status-variances = С расхождением
report-status-unverified = Не сверено
report-status-settings = Настройки
report-status-read-under = при синхронизации были другими: { $settings }
report-status-full = Полная синхронизация
report-status-full-at = { $at }, после неё синхронизаций изменений: { $deltas }
report-status-attention = Требует внимания
report-attention-stale = данные устарели
report-attention-clock = данные датированы позже, чем показывают часы этого компьютера: эти часы или часы сервера идут (или шли) неверно
report-attention-last-sync-failed = последняя синхронизация не удалась
report-attention-variances = есть расхождения
report-attention-unverified = есть несверенные карты
report-attention-findings = замечаний: { $n }, см. ниже
report-attention-other-settings = данные прочитаны при других настройках
report-status-engine = Движок
report-status-running = Сейчас
report-status-never = Ещё не синхронизировано: выполните `sverka sync`.
report-status-checked = Сверено отдельно
report-status-checked-at = { $n } { $n ->
        [one] карта
        [few] карты
       *[many] карт
    }, последняя { $age }
report-status-unlisted = Нет в хранилище
checks-set-aside = Файл последних сверок повреждён или чужой. Он отложен: { $path }; начат новый. Пропали только отметки сверок, данные целы.
checks-unusable = Файл последних сверок недоступен ({ $why }). Отметки сверок хранятся только до выхода из программы.
report-status-left-off = Не закончена
report-status-left-off-at = прервана { $at }, этап «{ $stage }», пройдено { $percent }; `sverka sync` продолжит с этого места
report-status-runs-now = идёт синхронизация
report-status-runs-at = идёт синхронизация: { $stage }, { $overall }
report-status-last = Последние синхронизации
report-column-started = Начало
report-column-took = Длилась
report-column-outcome = Результат
report-column-variances = Расхождения
report-outcome-published = завершена
report-outcome-failed = не удалась
report-outcome-failed-code = не удалась: { $code }
report-outcome-cancelled = прервана

## doctor
report-doctor-well = Всё, что нужно для синхронизации, в порядке.
report-doctor-warnings = Синхронизация возможна; замечаний: { $n }.
report-doctor-names = Синхронизация возможна, но сверить с 1С будет нечего, пока в настройках неверное имя начального ввода.
report-doctor-failures = Синхронизация невозможна; проблем: { $n }.

### Dashboard: words of the screen

## State of the whole
dash-state-reconciled = Всё сходится с 1С
dash-state-in-window = { $days ->
        [one] Сходится за { $days } день
        [few] Сходится за { $days } дня
       *[many] Сходится за { $days } дней
    }
dash-state-damaged = Хранилище повреждено
dash-state-variances = Есть расхождения
dash-state-unverified = Сверено не всё
dash-state-stale = Данные устарели
dash-state-findings = Есть замечания
dash-state-no-settings = Настроек ещё нет
dash-state-engine-lost = Движок не отвечает { $time }
dash-state-engine-lost-short = Нет движка
dash-state-offline = 1С недоступна { $time }
dash-state-offline-short = 1С недоступна
dash-state-connecting = Подключение к 1С
dash-state-failed = Синхронизация не удалась
dash-state-elsewhere = Синхронизация в другом процессе
dash-state-elsewhere-short = Синхронизация
dash-state-running = Синхр. { $percent }
dash-state-running-whole = Синхронизация { $percent }
dash-state-first = Первая синхронизация
dash-state-first-stage = Первая синхронизация · этап { $n }/{ $of }
dash-state-paused = Синхронизация на паузе
dash-state-stage = Синхронизация { $percent } · этап { $n }/{ $of }

## Synchronisation
dash-elapsed = прошло { $time }
dash-elapsed-left = прошло { $time } · ост. ~{ $left }
dash-left = ост. ~{ $left }
dash-no-rows = строк ещё не было
dash-no-rows-now = строки сейчас не идут, пик { $peak }
dash-peak = { $rate }, пик { $peak }
dash-received = получено { $bytes }
dash-may-close-engine = Программу можно закрыть: синхронизация идёт в движке.
dash-may-close = Программу можно закрыть: синхронизация продолжится с этого места.
dash-paused-first = Пауза с { $at }, пройдено { $percent }
dash-runs = синхронизации
dash-requests = запросов: { $n }
dash-retry-in = Следующая попытка через { $time }
dash-retry-in-short = через { $time }
dash-retry-keys = { $now } — сейчас, { $never } — не повторять
dash-again = { $key } — повторить
dash-go-on = { $key } — продолжить
dash-refresh = { $key } — обновить
dash-standing-keys = { $sync } — сверить всё с 1С, { $view } — кого показывать
dash-first-sync = Синхронизации ещё не было. { $key } — начать
dash-left-off-first = Первая синхронизация прервана { $at }: этап «{ $stage }», пройдено { $percent }
dash-left-off-first-middle = Первая синхронизация прервана { $at }: «{ $stage }», { $percent }
dash-left-off-first-short = Прервана { $at }: «{ $stage }», { $percent }
dash-left-off = полная синхронизация прервана { $at }, пройдено { $percent }
dash-left-off-kept = Прочитанное сохранено: синхронизация продолжится с этого места.
dash-first-stopped = Первая синхронизация остановлена { $at } в самом начале
dash-first-failed = Первая синхронизация не удалась { $at } [{ $code }]
dash-remedy-first-sync = Нажмите F5: начнётся первая синхронизация.
dash-oldest = прочитаны не все карты: самые старые данные от { $at }
dash-last-synced = Данные от { $at }
dash-sync-elsewhere = Идёт синхронизация в другом процессе
dash-foreign = Результат появится здесь сам.
dash-store-elsewhere = Хранилище занято другим процессом ({ $pid })
dash-movements = строк продаж: { $n }
dash-next-sync = следующая { $at }
dash-next-sync-alone = следующая синхронизация { $at }
dash-full-at = полная { $at }
dash-done = Готово за { $time }
dash-changes = строк: +{ $created }, ~{ $changed }, −{ $removed }

## Search
dash-milliseconds = { $n } мс
dash-position = { $from }–{ $to } из { $of }

## View
view-show = Показать
view-order = Порядок
view-all = все
view-variances = с расхождением
view-unverified = не сверены
view-with-points = с баллами
view-owner-cards = карты владельца
view-match = по совпадению
view-any-city = любой
view-saved = Виды
view-save = запомнить этот вид
view-forget = забыть этот вид
view-columns = Столбцы
view-again = Сверить

## Comparison
dash-variance = Расхождение
dash-variance-short = Расх.
dash-opening-short = Нач. ввод
dash-purchases-short = Покупки
dash-before-window-short = Раньше
dash-total-short = Итого
dash-points-short = Баллы
dash-city-short = Город
dash-no-city = нет
dash-opening-lower = начальный ввод
dash-purchases-lower = покупки
dash-total-lower = итог
dash-points-lower = баллы
dash-city-lower = город
dash-reconciled = Сходится с 1С до копейки
dash-with-reserve = { $words }; не сверено: { $parts }
dash-sums-with-reserve = Суммы сходятся; не сверено: { $parts }
dash-was-reconciled = Сходилось с 1С; данные устарели
dash-before-window-words = Сходится; раньше в 1С ещё { $sum }
dash-not-compared = Сравнить не с чем. { $check } — сверить с 1С сейчас
dash-differs = Расходится: { $what }
dash-compared = Сравнено { $against }
dash-also-rows = построчно { $age }: { $parts }
dash-also-sums = по итогам { $age }: { $parts }
dash-also-rest = остальное
dash-check-failed = Сверить не удалось, показано прежнее. { $check } — повторить
dash-card = карта { $code }

## Sections
dash-bonus-accrued = начислено { $n }
dash-bonus-write-off = к списанию { $n }
dash-lines = { $n } { $n ->
        [one] строка
        [few] строки
       *[many] строк
    }
dash-line-number = № { $n }
dash-sides = 1С { $onec } · sverka { $stored }
dash-no-documents = Документов нет.
documents-doubled = Продаж, записанных дважды: { $n } — одна дата и сумма под двумя видами документов.
documents-doubled-mark = дважды: { $n }
documents-doubled-remedy = Лишний вид документа исключает настройка `ignored_recorders` в разделе [onec.names].
chart-best = По месяцам; больше всего { $month }: { $sum }
chart-best-short = больше всего { $month }: { $sum }
points-flow = Начислено { $accrued } · списано и сгорело { $spent }
points-flow-short = + { $accrued } · − { $spent }
points-rules = Последняя запись { $last } · остаток регистра { $balance }
points-rules-short = запись { $last } · остаток { $balance }
points-burn = Сгорит:
points-burn-none = Ничего не сгорит
fields-ask = Enter — прочитать поля карты и владельца из 1С сейчас. Они не хранятся и не выгружаются; документы, удостоверяющие личность, не запрашиваются.
fields-asked = Читаю поля из 1С, { $time }…
fields-none = Полей нет.
fields-card = Карта
fields-owner = Владелец

## A line in full
line-product = Товар
line-article = Артикул
line-packaging = Упаковка: в число товаров не входит, в сумму входит
line-amount = Сумма
line-quantity = Количество
line-date = Дата
line-document = Документ
line-recorder = Ключ документа
line-number = Строка
line-lines = Строк
line-direction = Вид движения
line-accrued = Начислено
line-write-off = К списанию
line-change = Меняет остаток на
line-future = Ещё не наступило

## Why a customer differs
explain-compared = Сравнено { $against }
explain-first = Первое, что отличается:
explain-others = Отличается ещё:
explain-product = Товар: { $name }
explain-request = Запрос, которым это прочитано:
raw-answer-asked = 1С отвечает на этот запрос…
raw-answer-whole = Ответ 1С сейчас, { $bytes } байт:
raw-answer-cut = Ответ 1С сейчас: первые { $shown } из { $bytes } байт:
explain-again = Тот же запрос в командной строке; пароль спросит curl:
explain-requests = Запросы, на которых это основано:
explain-no-requests = Построчной сверки с 1С не было. F4 или r — прочитать строки из 1С сейчас.
explain-read-before = Строки прочитаны при сверке всей базы. F4 или r — прочитать снова и увидеть запросы.
explain-rows = { $n } { $n ->
        [one] строка
        [few] строки
       *[many] строк
    } в ответе

## The last sync, before and after
portal-base = Вся база
portal-before = Было
portal-after = Стало
portal-after-at = Синхронизация: { $at }
portal-before-at = До неё: { $at }
portal-no-before = До неё данных не было, или они уже не хранятся
portal-nothing = Синхронизации ещё не было. F5 — начать
portal-sentence = Было в портале{"\u00A0"}{ $before } → стало{"\u00A0"}{ $after }; 1С{"\u00A0"}{ $onec }; расхождение{"\u00A0"}{ $variance }
portal-sentence-first = Стало{"\u00A0"}{ $after }; 1С{"\u00A0"}{ $onec }; расхождение{"\u00A0"}{ $variance }
portal-with-earlier = { $onec }, из них раньше{"\u00A0"}{ $earlier }
portal-without-sums = Карт, по которым 1С не дала итога: { $n }. Поэтому итог 1С по базе неизвестен.

## The reconciliation of the base
base-what = Каждая карта сравнивается с 1С: итог, покупки, начальный ввод построчно. Если суммы расходятся, читаются строки: видно, какая именно виновата.
base-cost = 1С получит около десяти запросов, запросы страниц начального ввода и строк карт с расхождением: примерно 14 запросов на 20 карт, не более 1000 карт с наибольшим расхождением. Хранилище не меняется.
base-start = Enter — сверить всю базу сейчас
base-start-live = { $view } — сверить построчно все карты: около { $n } запросов к 1С, зато сравниваются и города, и баллы по последней записи.
base-running-sums = Сверяю всю базу с 1С, { $time }.
base-running-lines = Сверяю всю базу с 1С построчно, { $time }.
base-step-of = { $what } · { $done } из { $of }
base-by-sums = Сверено по итогам 1С: { $time }
base-by-lines = Сверено построчно: { $time }
base-by-nothing = Не сверено: 1С не ответила
base-synced = данные sverka: { $time }
base-cards = всего { $n }
base-total-variance = Итого: расхождение { $variance }
base-untold = Нет верного итога 1С по { $cards } { $cards ->
        [one] карте
       *[many] картам
    }: не с чем сравнить { $money } руб.
base-contradicted = Итоги 1С не равны суммам её строк: { $parts }
base-contradicted-part = { $part } (карт: { $cards })
base-total-onec = 1С { $sum }
base-total-earlier = из них раньше { $sum }
base-total-stored = sverka { $sum }
base-causes = Причины
base-before = Раньше
base-only-before = только более ранние покупки
base-short-variance = расхождение
base-short-unverified = не сверено
base-short-unknown = нет карты
base-short-before = раньше
base-short-reconciled = сверено
base-more-causes = … ещё причин: { $n }, { $filter } — по очереди
base-nobody = Таких карт нет.
base-outdated = После сверки прошла синхронизация: данные уже другие. { $again } — сверить заново
base-failed = Часть запросов не удалась, показано то, что прочитано. { $why }
base-no-turnovers = 1С не публикует обороты: итоги сравнить не с чем. { $view } — сверить построчно
base-unread = Карт с расхождением, строки которых не прочитаны: { $cards }. { $view } — сверить построчно
base-moving = Карт, по которым продавали во время сверки: { $cards }
base-again-sums = по итогам 1С: около десяти запросов
base-again-lines = все карты построчно: около { $n } запросов
base-csv = CSV
base-csv-bom = CSV для Excel (с BOM)
base-xlsx = книга Excel (XLSX)
base-json = JSON построчно
base-table = текст с причинами
base-writing = Запись в файл: { $format }, { $done } из { $of }
base-written = Записано строк: { $rows }. Итоги: 1С { $onec }, sverka { $stored }
base-file = Файл { $name } в папке { $folder }
base-hint = Enter — разбор · { $filter } — фильтр · { $view } — вид · { $save } — в файл · { $again } — заново · Esc — назад
base-hint-short = Enter — разбор · { $filter } — фильтр · { $save } — в файл · Esc
base-hint-least = Enter · { $filter } · { $save } · Esc
base-hint-busy = { $stop } — остановить · Esc — назад, работа продолжится
base-hint-busy-short = { $stop } — стоп · Esc
base-hint-start = Enter — сверить · Esc — назад
base-hint-outdated = { $again } — сверить заново · Esc — назад

## The dashboard as lines
plain-commands = Команды: слово или цифры — найти; номер из списка — показать клиента; r — сверить его с 1С; e — разбор расхождения; b — последняя синхронизация: было и стало; s — синхронизация; x — остановить её; i — состояние; q — выйти. Чтобы найти одну букву, начните с косой черты.
plain-row = { $n }. { $name }
plain-total = итого { $sum }
plain-points = баллы { $n }
plain-more = и ещё { $n }. Уточните запрос.
plain-no-such = В списке нет такого номера.
plain-first-sync = данных ещё нет; s — синхронизация
plain-nothing = Пока нечего показать.

## Overlays and messages
dash-close = Esc — закрыть
page-hint = Esc — закрыть · { $copy } — копировать · { $save } — в файл
page-hint-explain-raw = Esc — закрыть · { $copy } — копировать · { $json } — JSON · { $save } — в файл · { $check } — сверить · { $raw } — ответ 1С
page-hint-fields = Esc — закрыть · { $raw } — ответ 1С как есть
page-hint-explain = Esc — закрыть · { $copy } — копировать · { $json } — JSON · { $save } — в файл · { $check } — сверить
page-hint-reconciled = Enter — к клиенту · Esc — назад · { $copy } — копировать · { $json } — JSON · { $save } — в файл
page-hint-reconciled-short = Enter — к клиенту · Esc — назад
page-hint-entry = Esc — к списку · { $copy } — копировать · { $save } — в файл
page-hint-entry-short = Esc — к списку
export-hint-personal = Enter — записать · Esc — назад · в файле будут имена и телефоны
export-masked = Точки только на экране: в файле будут имена и телефоны
export-masked-short = В файле будут имена и телефоны
export-hint = Enter — записать · Esc — назад
pick-hint = Enter — копировать · Esc — закрыть
recent-hint = Enter — открыть · Esc — закрыть
recent-nobody = Пока никого не открывали. Здесь остаются до выхода из программы те, на кого смотрели дольше двух секунд.
dash-choose = Enter — выбрать, Esc — закрыть
dash-message-away = Esc — убрать
key-stop = Стоп

## What a comparison covers

means-rows = строки 1С, построчно
means-turnovers = обороты 1С (Turnovers) за всё время
means-turnovers-window = обороты 1С (Turnovers) с начала периода
means-balance = остаток регистра баллов (Balance)
means-opening-set = повторное чтение начального ввода
means-catalog = справочники 1С
why-not-not-asked = 1С об этом не спрашивали
why-not-no-answer = 1С не ответила
why-not-not-published = 1С этого не публикует
why-not-filter-refused = 1С не отбирает эти строки
why-not-unreadable-row = не все строки 1С удалось прочитать
why-not-names-in-doubt = неясно, какие документы считать начальным вводом
why-not-points-unknown = синхронизация не прочитала баллы
why-not-moving = карта менялась во время сверки
why-not-rows-alone = в итогах 1С этого нет
why-not-nothing-stored = данных в sverka ещё нет
why-not-no-card = карты нет на одной из сторон
why-not-opening-beyond-sums = в итогах 1С меньше половины начального ввода: он посчитан дважды либо почти весь возвращён
why-not-passed-over = в итогах 1С пропущены карты, по которым есть строки: о тех, кого в итогах нет, ничего не известно
why-not-sum-differs = итог за период не сходится: по итогам не понять, в покупках дело или в начальном вводе
why-not-older-rows = в 1С есть и более ранние строки: по итогам начальный ввод от них не отличить
why-not-own-sum = итог самой 1С не равен сумме её строк
why-not-carried-over = последняя синхронизация эту карту не читала, а прежняя читала её за другой период
why-not-clocks-differ = часы разошлись на дни: неизвестно, на какой момент этот остаток
why-not-other-rows = значение то же, но строки другие
why-not-other-settings = данные прочитаны при других настройках
part-opening-balance = начальный ввод
part-purchases = покупки
part-total = итог
part-points = баллы
part-city = город
part-card = наличие карты
proof-title = Чем подтверждено:
proof-compared = { $figures }: { $means }, { $at }
proof-uncompared = { $figures }: не сверено — { $why }
proof-settings = начальный ввод — документы: { $opening }; не учитываются: { $ignored }
proof-none = никакие
proof-names = свои имена в 1С: { $names }
proof-others = прочитано при других настройках ({ $settings }); `sverka sync` прочитает по нынешним
proof-mixed = часть карт прочитана раньше, при других настройках; `sverka sync` без ограничения числа карт прочитает все
report-verdict-unverified-settings = Не сверено: данные прочитаны при других настройках ({ $settings }), и прежняя сверка к ним больше не относится.
report-next-unverified-settings-key = { $sync } — прочитать всё по нынешним настройкам. { $check } — сверить построчно эту карту.
report-next-unverified-settings = Выполните `sverka sync`, чтобы прочитать всё по нынешним настройкам, или повторите без --offline.
report-verdict-unverified-part = Не сверено полностью: { $why }.
report-next-unverified-part-key = { $check } — сверить карту построчно. Если не сверено и тогда, причину назовёт `sverka doctor`.
report-next-unverified-part = Повторите без --offline: карта будет сверена построчно. Если не сверено и тогда, причину назовёт `sverka doctor`.
dash-other-settings = Прочитано при других настройках: { $settings }

### The command line

## Commands. The phrase is called after the words of the command.
command-sverka = Клиенты магазина из 1С:Предприятия под рукой, и каждая сумма сверена с 1С. Без команды: панель.
command-demo = Показать панель с выдуманной 1С: без настроек и сети
command-sync = Прочитать данные из 1С и записать их новой версией
command-check = Сверить одного клиента с 1С построчно
command-reconcile = Сверить всех клиентов с 1С: по её итогам, затем по строкам тех, у кого есть расхождение
command-search = Найти клиентов
command-status = Показать возраст данных и сколько их
command-mirror = Обновить зеркало в PostgreSQL и сверить его
command-store = Обслужить хранилище: проверить, сжать, скопировать, восстановить
command-store-check = Перечитать всё хранилище и сравнить с тем, что было записано
command-store-compact = Освободить место, которое файлу не нужно; в это время его никто не должен читать и менять
command-store-backup = Скопировать данные в файл, можно и во время синхронизации, и перечитать копию
command-store-restore = Поставить копию, сделанную командой backup, на место хранилища; прежнее переименуется, а следующая синхронизация прочитает всё
command-doctor = Проверить всё, что нужно для синхронизации, и сказать, что исправить
command-engine = Держать хранилище свежим и отвечать терминалам, скриптам и порталу
command-simulate = Запустить выдуманную 1С отдельно, чтобы испытать на ней любую программу
command-init = Записать файл настроек с пояснениями; готовый файл не перезаписывается
command-service = Держать sverka запущенной как службу systemd
command-service-install = Записать юнит службы, включить и запустить её; сначала показывает, что будет сделано, и спрашивает
command-service-remove = Остановить службу и удалить её юнит; настройки и хранилище остаются
command-completions = Напечатать автодополнение для командной оболочки
command-man = Напечатать страницу справочника или записать страницы всех команд в папку

## Their options and arguments
option-config = Файл настроек
option-store = Файл хранилища
option-plain = Печатать строки, а не рисовать: для журналов, программ чтения с экрана и простых терминалов
option-json = Печатать JSON в стандартный вывод; пояснения идут в поток ошибок
option-no-engine = Работать без движка, даже если он запущен
option-engine-listen = Принимать соединения и по TCP на этом адресе и порту; нужен токен
option-engine-on-demand = Работать в отдельном сеансе и только пока нужен: так движок запускает панель
option-engine-socket = Сокет движка; если не указан, рядом с хранилищем
option-log-level = Что записывать в журнал
option-log-format = Вид строк журнала; с json команда пишет такие же строки и в поток ошибок
option-ascii = Рисовать панель только символами ASCII
option-low-bandwidth = Обновлять бегущие числа не чаще раза в две секунды: для медленных каналов
option-help = Показать справку
option-version = Показать версию
option-demo-customers = Сколько клиентов выдумать
option-demo-seed = Число, по которому выдумывается магазин: одинаковое число — одинаковый магазин
option-demo-headless = Без панели: синхронизировать, сверить образцового клиента и закончить
option-sync-days = За сколько дней хранить покупки; 0 — за всё время
option-sync-limit = Сколько карт прочитать; 0 — все
option-sync-delta = Прочитать только изменения, по итогам самой 1С; всё целиком читается тогда, когда велят настройки
option-sync-metrics = Записать в этот файл метрики для Prometheus (textfile collector); файл заменяется целиком
option-sync-accept-base = Согласиться, что прежние данные были из другой базы
option-sync-rebuild = Переименовать хранилище, если оно повреждено или записано более новой версией, и прочитать всё заново
option-mirror-repair = Перечитать все строки зеркала и исправить те, что расходятся
option-mirror-drop = Удалить зеркало из базы данных
option-check-phone = Телефон в любой записи; сравниваются последние десять цифр
option-check-card = Код карты или её штрихкод
option-check-query = Всё, по чему ищет команда search
option-check-offline = Сверить с контрольными итогами последней синхронизации, не спрашивая 1С сейчас
option-reconcile-only-variances = Показать только клиентов с расхождением; вместе с --strict — и всех, кого он учитывает
option-reconcile-format = Как записать: table — текст для чтения, csv — строка на клиента, json — как у команды check, xlsx — книга Excel. Если не указано, определяется по имени файла, иначе table
option-reconcile-output = Записать в файл, доступный только владельцу; готовый файл не перезаписывается
option-reconcile-force = Перезаписать файл
option-reconcile-bom = Начать CSV с метки BOM: её ждёт Excel
option-reconcile-live = Сверить каждого клиента построчно: по запросу и больше на каждых нескольких
option-reconcile-worst = У скольких клиентов с наибольшим расхождением прочитать строки
option-reconcile-strict = Код 1 и тогда, когда есть более ранние покупки или что-то не сверено
option-reconcile-fail-over = Код 1 только тогда, когда расхождения без учёта знака больше этой суммы в рублях
option-reconcile-metrics = Записать в этот файл метрики для Prometheus (textfile collector); файл заменяется целиком
option-search-words = Слова, которые должны встретиться все, в любых полях; пустой запрос находит всех
option-search-limit = Сколько клиентов показать; 0 — всех
option-status-strict = Код 1, если что-то требует внимания: синхронизации не было, данные устарели, последняя синхронизация не удалась, есть расхождения
option-store-backup-file = Файл копии, доступный только владельцу
option-store-backup-force = Заменить прежнюю копию
option-store-restore-file = Файл копии
option-simulate-port = Порт на этом компьютере; 0 — любой свободный
option-simulate-customers = Сколько клиентов выдумать
option-simulate-seed = Число, по которому выдумывается магазин: одинаковое число — одинаковый магазин
option-simulate-lines = Сколько строк продаж выдумать, не меньше; если не указано, столько, сколько выйдет у этих клиентов
option-simulate-now = Какой день показывают часы выдуманной 1С, ГГГГ-ММ-ДД; если не указано, сегодня
option-simulate-latency = Сколько миллисекунд ждёт каждый ответ, как на линии до другого города
option-simulate-faults = Что ломается и как часто
option-service-install-user = Под вашим пользователем, с вашими настройками и хранилищем, без прав root
option-service-install-yes = Сделать, не спрашивая
option-service-install-dry-run = Только показать, что будет сделано
option-service-remove-user = Служба вашего пользователя
option-service-remove-yes = Сделать, не спрашивая
option-service-remove-dry-run = Только показать, что будет сделано
option-completions-shell = Оболочка
option-man-folder = Папка для страниц всех команд; если не указана, печатается страница самой программы

## What they take
value-address = АДРЕС
value-code = КОД
value-date = ДАТА
value-dir = ПАПКА
value-file = ФАЙЛ
value-format = ФОРМАТ
value-level = УРОВЕНЬ
value-kind-rate = ВИД=ДОЛЯ
value-ms = МИЛЛИСЕКУНДЫ
value-n = ЧИСЛО
value-p = ТЕЛЕФОН
value-query = ЗАПРОС
value-s = ЧИСЛО
value-shell = ОБОЛОЧКА
value-sum = СУММА

## The page of help
usage-heading = Использование:
usage-commands = Команды
usage-arguments = Аргументы
usage-options = Параметры
usage-everywhere = Параметры всех команд
usage-dashboard = Параметры панели и демо
usage-command-name = КОМАНДА
usage-options-name = ПАРАМЕТРЫ
usage-default = [по умолчанию: { $value }]
usage-choices = [варианты: { $values }]
usage-exit-codes =
    Коды завершения:
      0    готово
      1    готово, но check или reconcile нашли расхождение, клиент не найден или doctor нашёл проблему
      2    неверные параметры или настройки
      3    1С недоступна или отказала, синхронизация не удалась (прежние данные целы)
      4    хранилищем нельзя пользоваться, или в нём ещё нет данных
      130  прервано

## Wrong usage
usage-mistake = Ошибка: { $what }
usage-hint = Подсказка: { $hint }
usage-more = Все параметры: { $command } --help
usage-together = «{ $argument }» нельзя указать вместе с «{ $other }»
usage-twice = «{ $argument }» можно указать только один раз
usage-no-value = не указано значение: { $argument }
usage-wrong-choice = неверное значение «{ $value }»: { $argument }. Варианты: { $values }
usage-wrong-value = неверное значение «{ $value }»: { $argument }. Нужно: { $expected }
usage-no-such-command = нет команды «{ $command }»
usage-missing = не указано обязательное: { $arguments }
usage-no-such-argument = лишний или неизвестный параметр «{ $argument }»
usage-not-unicode = в командной строке есть текст не в UTF-8
usage-other = не удалось понять командную строку
usage-similar = похоже на { $words }
usage-as-value = чтобы это было значением, поставьте перед ним --: -- { $argument }
usage-expected-sum = сумма в рублях, например 100 или 99.50
usage-expected-date = дата вида ГГГГ-ММ-ДД, например 2026-02-04
usage-expected-fault = вид и доля, например status-503=0.1
usage-no-such-fault = нет неисправности «{ $written }». Есть: { $kinds }; доля — число от 0 до 1, например 0.1
simulate-next = Выдуманная 1С работает, адрес и пароль — в строке выше. Впишите их в файл настроек: url и user в раздел [onec], пароль — в файл для password_file, затем `sverka doctor`. Остановить: Ctrl+C.

## What a settings file that cannot be parsed has
toml-duplicate = эта настройка или раздел уже есть выше
toml-unclosed = не закрыта скобка
toml-extended = раньше это было значением, а здесь это раздел
toml-unquoted = здесь нужно значение: число, true или false, а текст — в кавычках
toml-quote = в тексте в кавычках ошибка: не закрыта кавычка или неверный знак после обратной черты
toml-equals = между именем настройки и значением нужен знак =
toml-value-missing = нет значения
toml-comma = между значениями нужна запятая
toml-key = неверное имя настройки
toml-number = неверно записано число
toml-date = неверно записана дата или время
toml-value = неверное значение
toml-extra = в этой строке есть лишнее
toml-character = недопустимый знак
toml-other = запись нарушает правила TOML

# Движок.

engine-ready = Движок готов: { $socket }. Остановить: Ctrl+C.
engine-ready-tcp = Движок готов: { $socket } и { $address }. Остановить: Ctrl+C.
engine-ended = Движок завершён.
engine-other-version = Движок этого хранилища версии { $theirs }, а терминал версии { $ours }: терминал работает сам. Клавиша «Движок» перезапустит движок, как только он освободится.
engine-other-settings = Движок этого хранилища работает с другими настройками: терминал работает сам. Клавиша «Движок» перезапустит движок, как только он освободится.
engine-not-started = Запустить движок не удалось ({ $why }): терминал работает сам.
engine-see-log = причина в журнале
engine-gone = Движок завершился или перестал отвечать.
engine-sync-goes-on = Синхронизация продолжается в движке: её ход показывает `sverka status`.
engine-socket-foreign = там лежит что-то другое, не сокет
engine-socket-long = путь слишком длинный для сокета (не больше 100 символов)
engine-certificate-none = в нём нет сертификата в формате PEM
engine-key-none = в нём нет пригодного закрытого ключа в формате PEM
engine-key-locked = он защищён паролем
engine-key-other = он не подходит к сертификату
engine-certificate-early = Сертификат движка { $path } действует только с { $date }: клиенты его не примут. Проверьте часы этого компьютера или укажите другой в certificate_file раздела [engine].
engine-certificate-expired = Срок сертификата движка { $path } истёк { $date }: клиенты его не принимают. Обновите его; новый файл будет подхвачен сам.
engine-certificate-renewed = Движок показывает новый сертификат: { $path }.
engine-told = { $pid }, версия { $version }, работает { $uptime }, подключено терминалов: { $viewers }
engine-told-terminals = это { $names }
engine-told-memory = память { $size }
engine-told-next = следующая синхронизация { $next }
engine-told-lock = в хранилище пишет процесс { $process }, с { $since }
engine-told-on-demand = завершится, когда станет не нужен
engine-silent = место движка занимает процесс { $pid }, но не отвечает
engine-silent-remedy = Возможно, он приостановлен или перегружен. Если это не проходит, завершите его (`kill { $pid }`): команды будут работать сами.
error-engine-running = Движок хранилища { $store } уже работает (процесс { $pid }).
remedy-engine-running = Делать ничего не нужно: команды сами обращаются к нему. Чтобы запустить его с другими настройками, сначала остановите тот.
error-engine-socket = Движок не может использовать { $path }: { $why }.
remedy-engine-socket = Укажите другое место в `socket` раздела [engine] или в --socket: короткий путь в своей папке.
error-engine-listen = Движок не может принимать соединения на { $address }: { $why }.
remedy-engine-listen = Возможно, порт занят другой программой или у этого компьютера нет такого адреса. Выберите другой в `listen` раздела [engine] или в --listen.
error-engine-open = Движок не будет принимать соединения на { $address }: токены и данные покупателей можно было бы прочитать по дороге.
remedy-engine-open = Укажите сертификат и ключ в certificate_file и key_file раздела [engine] или задайте 127.0.0.1 и поставьте перед движком прокси с TLS. Если прокси перед этим адресом уже есть, задайте behind_proxy = true в разделе [engine].
error-engine-tls-half = Для движка указан либо только сертификат, либо только закрытый ключ.
remedy-engine-tls-half = Укажите в разделе [engine] и то и другое: certificate_file и key_file.
error-engine-certificate = Движок не может использовать сертификат { $path }: { $why }.
remedy-engine-certificate = Укажите в certificate_file раздела [engine] файл, который может прочитать пользователь движка: сертификат этого адреса в формате PEM, за ним сертификаты промежуточных центров.
error-engine-key = Движок не может использовать закрытый ключ { $path }: { $why }.
remedy-engine-key = Укажите в key_file раздела [engine] ключ, с которым выпущен сертификат: в формате PEM, без пароля, доступный для чтения пользователю движка.
error-engine-group = На этом компьютере нет группы { $group }.
remedy-engine-group = Создайте её или исправьте `group` в разделе [engine].
error-engine-token = Не удалось прочитать токен движка из { $path }: { $why }.
remedy-engine-token = Проверьте token_file и read_token_file в разделе [engine] и права на эти файлы.
error-engine-token-weak = То, что лежит в { $path }, не токен: слишком коротко или слишком просто.
remedy-engine-token-weak = Создайте его командой `openssl rand -hex 32 > ФАЙЛ`: одна строка, не меньше 128 случайных бит.
error-engine-token-missing = Движок должен принимать соединения по TCP, а токена у него нет.
remedy-engine-token-missing = Создайте токен командой `openssl rand -hex 32 > ФАЙЛ` и укажите файл в token_file раздела [engine].
error-engine-gone = Движок хранилища не отвечает.
remedy-engine-gone = Связь восстановится сама, когда он появится. Клавиша «Движок» запустит его.
error-engine-lost = Движок завершился или перестал отвечать во время синхронизации.
remedy-engine-lost = Прочитанное сохранено. Посмотрите `sverka status`; запустите движок снова или синхронизацию с --no-engine.
error-api-unauthorized = Токен не передан или не подходит.
remedy-api-unauthorized = Передайте заголовок Authorization: Bearer ТОКЕН с токеном из файла, указанного в token_file раздела [engine].
error-api-forbidden = Это вам не разрешено.
remedy-api-forbidden = Токен для чтения только читает; сокет открыт владельцу, root и группе из раздела [engine].
error-api-host = На имя из этого адреса движок не отвечает.
remedy-api-host = Используйте localhost или 127.0.0.1. Если перед движком стоит прокси, задайте behind_proxy = true в разделе [engine].
error-api-tls = Этот порт принимает только HTTPS.
remedy-api-tls = Укажите https:// вместо http://. Токен, отправленный без шифрования, могли прочитать по дороге: замените его.
error-api-not-found = По этому адресу ничего нет.
remedy-api-not-found = Адреса перечислены в /openapi.json. Синхронизации и сверки известны, пока движок работает.
error-api-method = По этому адресу так не обращаются.
remedy-api-method = Какие методы принимает адрес, сказано в /openapi.json.
error-api-bad-request = Запрос непонятен: { $what }.
remedy-api-bad-request = Что принимает этот адрес, сказано в /openapi.json.
error-api-too-large = Запрос слишком большой.
remedy-api-too-large = Не больше 64 КиБ.
error-api-too-slow = Запрос приходил слишком долго.
remedy-api-too-slow = Пришлите его ещё раз: целиком за десять секунд.
error-api-busy = Слишком много синхронизаций ждут очереди.
remedy-api-busy = Дождитесь конца одной из них или отмените её: GET и DELETE /api/v1/syncs.

## Зеркало
mirror-place = Зеркало
mirror-lines = Строк продаж
mirror-amount = Сумма продаж
mirror-written = Записано карт и товаров
mirror-removed = Убрано карт и товаров
mirror-verified = Зеркало сходится: количества и суммы, которые посчитала сама база данных, равны данным sverka.
mirror-not-verified = Зеркало не сходится: количества и суммы, которые посчитала сама база данных, не равны данным sverka.
mirror-dropped = Зеркало удалено.
mirror-none-to-drop = Зеркала нет, удалять нечего.
error-mirror-failed = Зеркало не обновлено ({ $code }).
remedy-mirror-failed = Выполните sverka mirror: команда скажет почему.
doctor-portal = Портал
doctor-mirror-empty = { $version } ({ $flavour }), прав хватает; ещё ничего не записано
doctor-mirror-found = { $version } ({ $flavour }), прав хватает; версия данных { $generation } сверена
doctor-mirror-unverified = { $version }; версия данных { $generation } не сверена
doctor-remedy-mirror-unverified = Выполните sverka mirror: команда сверит зеркало и назовёт карты, которые расходятся.
doctor-portal-answers = отвечает на запросы ({ $n }), логин может только читать
doctor-portal-may-write = отвечает на запросы ({ $n }), но логину разрешено и писать
doctor-remedy-portal-may-write = Достаточно права select: sverka только читает; заведите для неё отдельный логин.
doctor-portal-query = не отвечает на запрос { $key }: { $why }
doctor-remedy-portal-query = Исправьте запрос: в нём два столбца — по чему портал знает клиента, и показатель; логину нужно право читать эти таблицы.
mirror-status = Зеркало
mirror-status-never = ещё ничего не записано
mirror-status-current = версия данных { $generation }, сверено ({ $at })
mirror-status-behind = версия данных { $generation }, отстаёт на { $behind } ({ $at })
mirror-status-differs = версия данных { $generation }, не сверено ({ $at })
mirror-status-empty = ничего не показывает
dash-mirror-current = зеркало ✓
dash-mirror-shows = версия данных { $generation }, сверено
dash-mirror-shows-behind = версия данных { $generation }, отстаёт на { $behind }
dash-mirror-never = зеркало: ещё пусто
dash-mirror-behind = зеркало: −{ $behind } верс.
dash-mirror-differs = зеркало не сверено
dash-mirror-failed = зеркало не обновлено
dash-mirror-gauge = Зеркало
dash-mirror-proving = сверяется
dash-state-mirror = Обновляется зеркало
report-attention-mirror = зеркало
error-mirror-not-configured = Зеркало не настроено.
remedy-mirror-not-configured = Укажите url в разделе [mirror] настроек.
error-mirror-address = Адрес зеркала не подходит: { $why }.
remedy-mirror-address = Впишите в url раздела [mirror] адрес вида postgres://логин@сервер/база или пары host=… dbname=…; sslmode — verify-full или disable.
error-mirror-password-in-address = В адресе зеркала есть пароль.
remedy-mirror-password-in-address = Уберите его из url и укажите в разделе [mirror] password_file или другой способ получить пароль.
error-mirror-unreachable = База данных зеркала недоступна ({ $host }): { $why }.
remedy-mirror-unreachable = Проверьте адрес в разделе [mirror], сеть и то, что сервер запущен.
error-mirror-tls = Не удалось установить защищённое соединение с базой данных зеркала ({ $host }): { $why }.
remedy-mirror-tls = Включите TLS на сервере или укажите его центр сертификации в адресе (sslrootcert); sslmode=disable передаёт всё без шифрования.
error-mirror-login = База данных зеркала не приняла логин или пароль.
remedy-mirror-login = Проверьте логин в url и пароль в разделе [mirror].
error-mirror-no-database = На сервере зеркала нет такой базы данных.
remedy-mirror-no-database = Создайте её или исправьте имя в url раздела [mirror].
error-mirror-rights = База данных зеркала не разрешает это сделать: { $why }.
remedy-mirror-rights = Разрешите логину создать схему или создайте её для него; нужные права перечислены в docs/mirror.md.
error-mirror-full = В базе данных зеркала нет места: { $why }. Читатели видят прежнюю версию данных.
remedy-mirror-full = Освободите место на сервере; следующий запуск продолжит.
error-mirror-lost = Соединение с базой данных зеркала несколько раз обрывалось: { $why }. Читатели видят одну целую версию данных.
remedy-mirror-lost = Запустите ещё раз: недописанное сначала уберётся.
error-mirror-busy = В зеркало пишет другая sverka: { $holder }.
remedy-mirror-busy = Дождитесь, пока она закончит; двум нужны две разные схемы.
error-mirror-not-ours = В схеме зеркала лежит чужое ({ $table }); ничего не тронуто.
remedy-mirror-not-ours = Укажите в schema раздела [mirror] пустую схему или перенесите то, что там лежит.
error-mirror-another-base = Зеркало принадлежит другой базе: { $address }; ничего не тронуто.
remedy-mirror-another-base = Укажите в [mirror] другую схему или удалите зеркало той sverka, которая его ведёт (sverka mirror --drop).
error-mirror-newer = В зеркале более новая версия данных, чем в хранилище: { $generation }, прочитана { $at }.
remedy-mirror-newer = Его ведёт другая sverka, или хранилище — старая копия: выполните синхронизацию или заберите зеркало командой sverka mirror --repair.
error-mirror-format = Зеркало создано более новой sverka (версия схемы { $found }).
remedy-mirror-format = Обновите sverka на этой машине.
error-mirror-altered = Таблица зеркала изменена: { $table }, столбец { $what }.
remedy-mirror-altered = sverka mirror --repair создаст таблицы заново; пока они заполняются, читателям ничего не видно.
error-mirror-refused = База данных зеркала отказала ({ $sqlstate }): { $why }.
remedy-mirror-refused = Посмотрите её журнал; помешать могли триггер или правило, добавленные вручную.
error-mirror-rows = Хранилище изменилось во время записи зеркала или не читается целиком.
remedy-mirror-rows = Запустите ещё раз; если не поможет — sverka store check.
error-mirror-differs = Зеркало расходится с данными sverka (в базе данных ≠ в sverka): { $sums }. Карт: { $n } ({ $cards }).
remedy-mirror-differs = sverka mirror --repair перечитает его и исправит; затем выясните, кто его меняет.
portal-beside = Портал рядом с 1С и sverka
portal-agrees = Портал показывает то же, что 1С.
portal-not-asked = Портал не ответил ({ $code }): что делать, сказано в docs/errors.md.
portal-cause-missing-customer = В портале нет этого клиента: загрузка пропустила карту или не читает её (portal-missing-customer).
portal-cause-doubled = В портале это задвоено: ищите вторую строку клиента или дважды загруженные покупки (portal-doubled).
portal-cause-missing-opening-balance = В сумме портала нет начального ввода: загружайте и документы переноса остатков или читайте зеркало (portal-missing-opening-balance).
portal-cause-lag = Портал показывает предыдущую версию данных: загрузка ещё не прошла или остановилась (portal-lag).
portal-cause-total = Сумма портала расходится по другой причине: сравните его покупки со строками выше (portal-total).
portal-cause-points = Баллы портала расходятся: он считает по другому правилу, или загрузка ещё не прошла (portal-points).
portal-cause-city = Город в портале другой (portal-city).
dash-portal = Портал показывает { $total }: { $why }
dash-portal-equal = портал показывает то же
portal-cause-short-missing-customer = нет клиента
portal-cause-short-doubled = задвоено
portal-cause-short-missing-opening-balance = нет начального ввода
portal-cause-short-lag = прошлая версия данных
portal-cause-short-total = другая сумма
portal-cause-short-points = другие баллы
portal-cause-short-city = другой город
portal-base-equal = Портал показывает то же, что 1С, по { $equal ->
        [one] { $equal } карте
       *[other] { $equal } картам
    } из { $cards }
portal-base-cause = Портал: { $cause } — { $cards ->
        [one] { $cards } карта
        [few] { $cards } карты
       *[other] { $cards } карт
    }
portal-base-cause-money = Портал: { $cause } — { $cards ->
        [one] { $cards } карта
        [few] { $cards } карты
       *[other] { $cards } карт
    }, { $money }
xlsx-portal-total = Портал: итого
xlsx-portal-variance = Портал: расхождение
xlsx-portal-points = Портал: баллы
xlsx-portal-city = Портал: город
xlsx-portal-causes = Портал: причины
column-portal = Портал
