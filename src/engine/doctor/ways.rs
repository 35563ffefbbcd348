//! The questions of a sync, each asked once in the order a sync asks them: what 1C does not offer is learned on the way
//! as a sync learns it, and what a sync cannot do without fails here as it fails there.

use crate::domain::{Card, CardId, Owner, Span, Window};
use crate::odata::{
    self, Client, Filter, FromRow, Order, Page, PageQuery, PointsRow, Product, RowMark, SalesRow, Set,
    ThinObject, ThinSale, Top,
};
use crate::sync::{Borne, Error, Reporter, recorder_types_seen, refuse_unreadable, sample};

/// Rows by which a set is judged that comes in pages.
const SAMPLE: u32 = 20;

/// Keys and cards in one question: a list of several is another condition than one of them.
const SEVERAL: usize = 3;

/// So often counts are taken that do not add up, where people sell meanwhile.
const COUNTS: u32 = 2;

/// Asks all that a sync needs of the rows, and tells of the sets that are gone without why.
pub(super) async fn ask(
    client: &Client,
    reporter: &Reporter,
    window: Window,
) -> Result<Vec<odata::Error>, Error> {
    let mut gone = Vec::new();
    client.count(Set::Cards, &Filter::none()).await?;
    let cards = catalog::<Card>(client, Set::Cards).await?;
    catalog::<Owner>(client, Set::Owners).await?;
    let sales = register::<SalesRow, ThinSale>(client, Set::Sales, window, &cards).await?;
    refuse_strangers(client, &sales).await?;
    let types = sales.rows.iter().map(|row| row.movement.key.recorder_type.clone()).collect();
    recorder_types_seen::ask(client, reporter, types).await?;
    let everything = Window { days: 0, from: None };
    for answer in [
        catalog::<Product>(client, Set::Products).await.map(drop),
        register::<PointsRow, PointsRow>(client, Set::Points, everything, &cards).await.map(drop),
    ] {
        match answer {
            Err(Error::Odata(error)) if error.is_gone_without() => gone.push(error),
            answer => answer?,
        }
    }
    Ok(gone)
}

/// A catalog is counted, read by position twice, the second time thinly, and some items by key. The keys of the first
/// items, as cards.
async fn catalog<R: FromRow>(client: &Client, set: Set) -> Result<Vec<CardId>, Error> {
    client.count(set, &Filter::none()).await?;
    let query = PageQuery::of(set).order(Order::Key);
    let page = by_position::<R>(client, &query).await?;
    by_position::<ThinObject>(client, &query).await?;
    let keys: Vec<_> = page.marks.iter().take(SEVERAL).map(|mark| mark.object).collect();
    client.by_keys::<R>(set, &keys).await?;
    refuse_unreadable(set, &page)?;
    Ok(page.marks.iter().map(|mark| CardId(mark.object)).collect())
}

/// A register is counted, read by stretches of period, by card, and by position where a moment is overfull. The rows
/// of the window that come first.
async fn register<R: FromRow, T: FromRow>(
    client: &Client,
    set: Set,
    window: Window,
    cards: &[CardId],
) -> Result<Page<R>, Error> {
    let active = Filter::none().active();
    let wanted = window.from.map_or_else(|| active.clone(), |from| active.clone().within(Span::since(from)));
    let counted = tolerant(client.count(set, &wanted).await)?;
    if counted == Some(0) {
        client.finds::<R>(set, &wanted).await?;
    }
    let query = PageQuery::of(set).order(Order::Period);
    let page = client.page::<R>(&query.clone().top(Top::Rows(1))).await?;
    let stretches = query.clone().filter(wanted.within(Span { from: window.from, to: None }));
    let first = tolerant(sample::<R>(client, &stretches.top(Top::PageAndOne)).await)?;
    let oldest = by_position::<R>(client, &query).await?;
    for cards in some_cards(client, &oldest, cards) {
        of_cards::<R>(client, set, &cards).await?;
    }
    let thin = by_position::<T>(client, &PageQuery::of(set).order(Order::Key)).await?;
    moment(client, set, page).await?;
    halves(client, set, &oldest).await?;
    refuse_unreadable(set, &thin)?;
    let first = first.unwrap_or(oldest);
    refuse_unreadable(set, &first)?;
    Ok(first)
}

/// Sales whose cards the catalog has none of are nobody's.
async fn refuse_strangers(client: &Client, sales: &Page<SalesRow>) -> Result<(), Error> {
    let borne = Borne::of(client, sales).await?;
    if !borne.is_sales_of_nobody() {
        return Ok(());
    }
    Err(Error::NotByCard { name: client.name_of(Set::Sales), rows: borne.unknown })
}

/// A few cards that rows name, the last of the sample, and a few that none of it does: where the filter is forgotten,
/// the rows that come are of others.
fn some_cards<R: FromRow>(client: &Client, sample: &Page<R>, listed: &[CardId]) -> [Vec<CardId>; 2] {
    let mut named: Vec<CardId> = Vec::new();
    for card in sample.rows.iter().rev().filter_map(|row| client.card_of(row)) {
        if !named.contains(&card) {
            named.push(card);
        }
    }
    let others = listed.iter().copied().filter(|card| !named.contains(card));
    let others = std::iter::once(CardId::EMPTY).chain(others).take(SEVERAL).collect();
    named.truncate(SEVERAL);
    [if named.is_empty() { vec![CardId::EMPTY] } else { named }, others]
}

/// The rows before a moment and those from it on are all there are: a filter by period is believed by their counts.
async fn halves<R: FromRow>(client: &Client, set: Set, sample: &Page<R>) -> Result<(), Error> {
    let Some(middle) = sample.rows.iter().filter_map(|row| client.period_of(row)).max() else {
        return Ok(());
    };
    let active = Filter::none().active();
    let before = active.clone().within(Span { from: None, to: Some(middle) });
    let since = active.clone().within(Span::since(middle));
    for _ in 0..COUNTS {
        let mut counts = Vec::new();
        for filter in [&active, &before, &since] {
            let Some(counted) = tolerant(client.count(set, filter).await)? else { return Ok(()) };
            counts.push(counted);
        }
        if counts[0] == counts[1] + counts[2] {
            return Ok(());
        }
    }
    client.cannot_filter(set, &since);
    Ok(())
}

/// The rows of one moment that is known to have some, and their count: a filter is believed by them.
async fn moment<R: FromRow>(client: &Client, set: Set, known: Page<R>) -> Result<(), Error> {
    let Some(period) = known.rows.first().and_then(|row| client.period_of(row)) else { return Ok(()) };
    let span = Span::between(period, period + chrono::TimeDelta::seconds(1));
    let filter = Filter::none().active().within(span);
    let Some(page) = agreeing::<R>(client, set, &filter).await? else { return Ok(()) };
    if page.is_last() && !known.marks.iter().all(|mark| page.marks.contains(mark)) {
        client.cannot_filter(set, &filter);
    }
    Ok(())
}

/// The rows of some cards, as many in one question as the server takes.
async fn of_cards<R: FromRow>(client: &Client, set: Set, cards: &[CardId]) -> Result<(), Error> {
    let query = PageQuery::of(set).order(Order::Period);
    let mut asked = cards;
    loop {
        asked = asked.split_at(client.room::<R>(&query).min(asked.len())).0;
        match agreeing::<R>(client, set, &Filter::none().active().of_cards(asked)).await {
            Err(Error::Odata(error)) if client.takes_fewer::<R>(&error, asked.len(), &query) => {}
            answer => return answer.map(drop),
        }
    }
}

/// The rows that match, where they agree with their count or there are more than a page; a filter that is refused, or
/// not believed, is known now.
async fn agreeing<R: FromRow>(client: &Client, set: Set, filter: &Filter) -> Result<Option<Page<R>>, Error> {
    let query = PageQuery::of(set).filter(filter.clone()).order(Order::Period).top(Top::PageAndOne);
    let Some(page) = tolerant(client.page::<R>(&query).await)? else { return Ok(None) };
    let Some(counted) = tolerant(client.count(set, filter).await)? else { return Ok(None) };
    if page.is_last() && counted != page.received() {
        client.cannot_filter(set, filter);
        return Ok(None);
    }
    Ok(Some(page))
}

/// A few rows, and the second of them alone: a set that begins anew wherever it is read cannot be read by position. What
/// cannot is read whole, and so it is here.
async fn by_position<R: FromRow>(client: &Client, query: &PageQuery) -> Result<Page<R>, Error> {
    let set = query.set;
    let first = sample::<R>(client, &query.clone().top(Top::Rows(SAMPLE))).await?;
    if client.reads_by_position(set, query.order) && first.received() >= 2 {
        match client.page::<R>(&query.clone().skip(1).top(Top::Rows(1))).await {
            Err(_) if !client.reads_by_position(set, query.order) => {}
            second => {
                let second: Option<RowMark> = second?.marks.first().copied();
                if second.is_some() && second == first.marks.first().copied() {
                    client.cannot_skip(set);
                }
            }
        }
    }
    if client.reads_by_position(set, query.order) {
        return Ok(first);
    }
    Ok(client.page::<R>(&query.clone().top(Top::All)).await?)
}

/// A filter that is refused is known now, and done without.
fn tolerant<T>(answer: Result<T, impl Into<Error>>) -> Result<Option<T>, Error> {
    match answer.map_err(Into::into) {
        Err(Error::Odata(error)) if error.is_filter_refused() => Ok(None),
        answer => answer.map(Some),
    }
}
