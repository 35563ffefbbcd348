//! Words to invent a shop from, and the shelves made of them.

use uuid::Uuid;

use super::super::books::Product;
use super::super::prng::Prng;

/// Surnames as men bear them.
const SURNAMES: [&str; 48] = [
    "Абрамов",
    "Агафонов",
    "Баранов",
    "Белов",
    "Беляев",
    "Богданов",
    "Борисов",
    "Виноградов",
    "Волков",
    "Воробьёв",
    "Гаврилов",
    "Герасимов",
    "Голубев",
    "Григорьев",
    "Давыдов",
    "Данилов",
    "Егоров",
    "Ершов",
    "Жуков",
    "Зайцев",
    "Захаров",
    "Иванов",
    "Ильин",
    "Калинин",
    "Киселёв",
    "Климов",
    "Ковалёв",
    "Козлов",
    "Комаров",
    "Кузнецов",
    "Лебедев",
    "Макаров",
    "Медведев",
    "Мельников",
    "Морозов",
    "Никитин",
    "Новиков",
    "Орлов",
    "Павлов",
    "Петров",
    "Попов",
    "Романов",
    "Семёнов",
    "Соколов",
    "Тихонов",
    "Фёдоров",
    "Щербаков",
    "Яковлев",
];

const WOMEN: [&str; 24] = [
    "Александра",
    "Алёна",
    "Алина",
    "Анастасия",
    "Анна",
    "Валентина",
    "Вера",
    "Виктория",
    "Галина",
    "Дарья",
    "Екатерина",
    "Елена",
    "Ирина",
    "Ксения",
    "Лариса",
    "Людмила",
    "Мария",
    "Надежда",
    "Наталья",
    "Ольга",
    "Полина",
    "Светлана",
    "Татьяна",
    "Юлия",
];

const MEN: [&str; 20] = [
    "Александр",
    "Алексей",
    "Андрей",
    "Артём",
    "Борис",
    "Виктор",
    "Владимир",
    "Дмитрий",
    "Евгений",
    "Иван",
    "Игорь",
    "Константин",
    "Максим",
    "Михаил",
    "Николай",
    "Олег",
    "Павел",
    "Роман",
    "Сергей",
    "Юрий",
];

/// The stems of patronymics.
const FATHERS: [&str; 16] = [
    "Александров",
    "Алексеев",
    "Андреев",
    "Борисов",
    "Викторов",
    "Владимиров",
    "Дмитриев",
    "Евгеньев",
    "Иванов",
    "Игорев",
    "Константинов",
    "Максимов",
    "Михайлов",
    "Николаев",
    "Петров",
    "Сергеев",
];

/// Where the shop's people live.
const TOWNS: [&str; 20] = [
    "Симферополь",
    "Севастополь",
    "Ялта",
    "Алушта",
    "Евпатория",
    "Керчь",
    "Феодосия",
    "Судак",
    "Саки",
    "Бахчисарай",
    "Джанкой",
    "Белогорск",
    "Армянск",
    "Красноперекопск",
    "Гурзуф",
    "Краснодар",
    "Ростов-на-Дону",
    "Москва",
    "Санкт-Петербург",
    "Нижний Новгород",
];

const GOODS: [(&str, &str); 8] = [
    ("Кольца", "Кольцо"),
    ("Серьги", "Серьги"),
    ("Подвески", "Подвеска"),
    ("Браслеты", "Браслет"),
    ("Цепи", "Цепь"),
    ("Колье", "Колье"),
    ("Броши", "Брошь"),
    ("Часы", "Часы"),
];

const STONES: [&str; 12] = [
    "с фианитом",
    "с гранатом",
    "с аметистом",
    "с топазом",
    "с жемчугом",
    "с янтарём",
    "с хризолитом",
    "с бирюзой",
    "с малахитом",
    "с ониксом",
    "с сапфиром",
    "без вставок",
];

const METALS: [&str; 2] = ["серебро 925", "золото 585"];

/// Packaging, with its price in kopecks.
const PACKAGING: [(&str, i64); 8] = [
    ("Пакет подарочный", 100),
    ("Пакет подарочный большой", 150),
    ("Коробка для кольца", 100),
    ("Коробка бархатная", 500),
    ("Мешочек из органзы", 100),
    ("Футляр для часов", 900),
    ("Салфетка для серебра", 100),
    ("Конверт поздравительный", 120),
];

/// The folder of packaging stands after those of the goods.
const PACKAGING_FOLDER: &str = "Упаковка";

/// A woman or a man: full name, and the value of `Пол`.
pub(super) fn person(chance: &mut Prng) -> (String, &'static str) {
    let (surname, father) = (*chance.pick(&SURNAMES), *chance.pick(&FATHERS));
    if chance.below(10) < 7 {
        (format!("{surname}а {} {father}на", chance.pick(&WOMEN)), "Женский")
    } else {
        (format!("{surname} {} {father}ич", chance.pick(&MEN)), "Мужской")
    }
}

pub(super) fn town(chance: &mut Prng) -> &'static str {
    TOWNS[chance.index(TOWNS.len())]
}

/// The folders of the catalog of products, one of them within another.
pub(super) fn folders(chance: &mut Prng) -> Vec<Product> {
    let mut folders: Vec<Product> = Vec::new();
    let names = GOODS.iter().map(|(folder, _)| *folder).chain([PACKAGING_FOLDER]);
    let root = product(chance, Uuid::nil(), 1, "Товары".into(), 0);
    for (number, name) in (2..).zip(names) {
        folders.push(product(chance, root.key, number, name.into(), 0));
    }
    folders.push(root);
    folders.into_iter().map(|folder| Product { folder: true, ..folder }).collect()
}

/// What is sold: every kind of jewel in every metal with every stone.
pub(super) fn goods(chance: &mut Prng, folders: &[Product]) -> Vec<Product> {
    let mut goods = Vec::new();
    for ((_, noun), folder) in GOODS.iter().zip(folders) {
        for metal in METALS {
            for stone in STONES {
                let price = chance.between(15, 600) * 5_000 - 1_000;
                let number = goods.len() + 100;
                goods.push(product(chance, folder.key, number, format!("{noun} {stone}, {metal}"), price));
            }
        }
    }
    goods
}

pub(super) fn packaging(chance: &mut Prng, folders: &[Product]) -> Vec<Product> {
    let folder = folders.get(GOODS.len()).map_or(Uuid::nil(), |folder| folder.key);
    let rows = (900..).zip(PACKAGING);
    rows.map(|(number, (name, price))| product(chance, folder, number, name.into(), price)).collect()
}

fn product(chance: &mut Prng, parent: Uuid, number: usize, name: String, price: i64) -> Product {
    Product {
        key: chance.guid(),
        version: u32::try_from(chance.below(9)).unwrap_or_default(),
        deletion_mark: false,
        parent,
        folder: false,
        code: format!("НФ-{number:08}"),
        name,
        article: format!("A{number:05}"),
        price,
    }
}
