//! What is shown as proven, beside the simulator's books.

use sverka::domain::{Amount, CardId, Comparison, Part, RecorderRole, Verdict};
use sverka::engine::{Engine, Side, Whom};
use sverka::sync::SyncMode;
use sverka_simulator::{Books, DocumentKind};

use super::office::Office;

/// What a card comes to by the books, under these settings.
#[derive(Debug, Default, PartialEq, Eq)]
struct Truth {
    opening: i64,
    purchases: i64,
    total: i64,
}

fn role(office: &Office, kind: DocumentKind) -> RecorderRole {
    // Reckoned here once more: a wrong rule of the program's own would be wrong on both sides.
    let (names, document) = (&office.config.names, kind.type_name());
    let bare = |name: &str| name.trim_start_matches("StandardODATA.").replacen("Document_", "", 1);
    if names.ignored_recorders.iter().any(|name| bare(name) == bare(document)) {
        RecorderRole::Ignored
    } else if names.opening_balance.iter().any(|part| !part.is_empty() && document.contains(part)) {
        RecorderRole::OpeningBalance
    } else {
        RecorderRole::Purchase
    }
}

fn truth(office: &Office, books: &Books, card: CardId, it: &Comparison) -> Truth {
    let mut truth = Truth::default();
    for row in books.sales().filter(|row| row.row.card == card.0 && row.row.active) {
        let role = role(office, row.kind);
        if role == RecorderRole::Ignored {
            continue;
        }
        truth.total += row.row.amount;
        if role == RecorderRole::OpeningBalance {
            truth.opening += row.row.amount;
        } else if it.window.from.is_none_or(|from| row.row.period >= from) {
            truth.purchases += row.row.amount;
        }
    }
    truth
}

async fn of_card(engine: &Engine, card: CardId, side: Side) -> Option<Comparison> {
    engine.check(&Whom::Key(card), side).await.unwrap().comparisons.pop()
}

/// 1C's column holds what 1C says or nothing, and what is shown as equal is what the books say: of every card, by the
/// sums of the last sync.
pub async fn assert_nothing_false_is_proven(office: &Office, what: &str) {
    let (books, engine) = (office.books(), office.engine());
    for card in books.card_list() {
        let card = CardId(card.key);
        let Some(it) = of_card(&engine, card, Side::ControlTotals).await else { continue };
        let truth = truth(office, &books, card, &it);
        let figures = [
            (Part::OpeningBalance, &it.opening_balance, truth.opening),
            (Part::Purchases, &it.purchases, truth.purchases),
            (Part::Total, &it.total, truth.total),
        ];
        for (part, figure, true_sum) in figures {
            let true_sum = Amount::from_units(true_sum);
            let what =
                || format!("{what}: {part:?} of {card:?}: {figure:?}, by the books {true_sum}: {it:#?}");
            assert!(figure.onec.is_none_or(|onec| onec == true_sum), "1C never said so: {}", what());
            let is_equal = it.coverage.of(part).means().is_some() && figure.onec == figure.stored;
            // Purchases before the window are no part of what is stored, and named.
            let is_proven = is_equal || (it.verdict == Verdict::Reconciled && part != Part::Total);
            assert!(!is_proven || figure.stored == Some(true_sum), "proven and wrong: {}", what());
        }
    }
}

/// After a delta, and after a full sync.
pub async fn assert_proven_twice(office: &Office, what: &str) {
    office.sync_as(SyncMode::Delta).await;
    assert_nothing_false_is_proven(office, &format!("{what}, after a delta")).await;
    office.sync_as(SyncMode::Full).await;
    assert_nothing_false_is_proven(office, &format!("{what}, after a full sync")).await;
}
