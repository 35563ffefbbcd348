//! The questions of a sync, each asked once in the order a sync asks them: what 1C does not offer is learned on the way
//! as a sync learns it, and what a sync cannot do without fails here as it fails there.

use crate::domain::{Card, CardId, Owner, Span, Window};
use crate::odata::{
    Client, Error, Filter, FromRow, Order, Page, PageQuery, PointsRow, Product, RowMark, SalesRow, Set,
    ThinObject, ThinSale, Top,
};

/// Asks all that a sync needs of the rows, and tells of the sets that are gone without why.
pub(super) async fn ask(client: &Client, window: Window) -> Result<Vec<Error>, Error> {
    let mut gone = Vec::new();
    client.count(Set::Cards, &Filter::none()).await?;
    catalog::<Card>(client, Set::Cards).await?;
    catalog::<Owner>(client, Set::Owners).await?;
    register::<SalesRow, ThinSale>(client, Set::Sales, window).await?;
    let everything = Window { days: 0, from: None };
    for answer in [
        catalog::<Product>(client, Set::Products).await,
        register::<PointsRow, PointsRow>(client, Set::Points, everything).await,
    ] {
        match answer {
            Err(error) if error.is_gone_without() => gone.push(error),
            answer => answer?,
        }
    }
    Ok(gone)
}

/// A catalog is counted, read by position twice, the second time thinly, and single items by key.
async fn catalog<R: FromRow>(client: &Client, set: Set) -> Result<(), Error> {
    client.count(set, &Filter::none()).await?;
    let query = PageQuery::of(set).order(Order::Key);
    let page = by_position::<R>(client, &query).await?;
    by_position::<ThinObject>(client, &query).await?;
    let keys: Vec<_> = page.marks.iter().take(1).map(|mark| mark.object).collect();
    client.by_keys::<R>(set, &keys).await?;
    Ok(())
}

/// A register is counted, read by stretches of period, by card, and by position where a moment is overfull.
async fn register<R: FromRow, T: FromRow>(client: &Client, set: Set, window: Window) -> Result<(), Error> {
    let active = Filter::none().active();
    let wanted = window.from.map_or_else(|| active.clone(), |from| active.clone().within(Span::since(from)));
    let counted = tolerant(client.count(set, &wanted).await)?;
    if counted == Some(0) {
        client.finds::<R>(set, &wanted).await?;
    }
    let query = PageQuery::of(set).order(Order::Period);
    let page = client.page::<R>(&query.clone().top(Top::Rows(1))).await?;
    let stretches = query.clone().filter(wanted.within(Span { from: window.from, to: None }));
    tolerant(client.page::<R>(&stretches.top(Top::PageAndOne)).await)?;
    let of_card = active.clone().of_cards([CardId::EMPTY]);
    tolerant(client.page::<R>(&query.clone().filter(of_card).top(Top::Rows(1))).await)?;
    by_position::<R>(client, &query).await?;
    by_position::<T>(client, &PageQuery::of(set).order(Order::Key)).await?;
    moment(client, set, page).await
}

/// The rows of one moment that is known to have some, and their count: a filter is believed by them.
async fn moment<R: FromRow>(client: &Client, set: Set, known: Page<R>) -> Result<(), Error> {
    let Some(period) = known.rows.first().and_then(|row| client.period_of(row)) else { return Ok(()) };
    let span = Span::between(period, period + chrono::TimeDelta::seconds(1));
    let filter = Filter::none().active().within(span);
    let query = PageQuery::of(set).filter(filter.clone()).order(Order::Period).top(Top::PageAndOne);
    let Some(page) = tolerant(client.page::<R>(&query).await)? else { return Ok(()) };
    let Some(counted) = tolerant(client.count(set, &filter).await)? else { return Ok(()) };
    if page.is_last() && counted != page.received() {
        client.cannot_filter(set, &filter);
    }
    Ok(())
}

/// Two rows, and the second of them alone: a set that begins anew wherever it is read cannot be read by position. What
/// cannot is read whole, and so it is here.
async fn by_position<R: FromRow>(client: &Client, query: &PageQuery) -> Result<Page<R>, Error> {
    let set = query.set;
    let first = client.page::<R>(&query.clone().top(Top::Rows(2))).await?;
    if client.reads_by_position(set, query.order) && first.received() == 2 {
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
    client.page::<R>(&query.clone().top(Top::All)).await
}

/// A filter that is refused is known now, and done without.
fn tolerant<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Err(error) if error.is_filter_refused() => Ok(None),
        answer => answer.map(Some),
    }
}
