//! Queries of this session. They stay in memory: what was searched is personal data.

/// Queries kept.
const KEPT: usize = 50;

/// The queries, oldest first, and where among them the user is.
#[derive(Clone, Debug, Default)]
pub struct History {
    queries: Vec<String>,
    /// The query shown, and what stood in the field before.
    at: Option<(usize, String)>,
}

impl History {
    /// Keeps a query; one kept before moves to the end.
    pub fn push(&mut self, query: &str) {
        self.at = None;
        let query = query.trim();
        if query.is_empty() {
            return;
        }
        self.queries.retain(|kept| kept != query);
        if self.queries.len() == KEPT {
            self.queries.remove(0);
        }
        self.queries.push(query.to_owned());
    }

    /// The query before; the first time, the last one that is not in the field already.
    pub fn older(&mut self, field: &str) -> Option<String> {
        let (end, draft) = match &self.at {
            Some((at, draft)) => (*at, draft.clone()),
            None => (self.queries.len(), field.to_owned()),
        };
        let at = (0..end).rev().find(|at| self.queries[*at] != field)?;
        self.at = Some((at, draft));
        Some(self.queries[at].clone())
    }

    /// The query after, and after the last one what stood in the field before.
    pub fn newer(&mut self) -> Option<String> {
        let (at, draft) = self.at.take()?;
        let Some(query) = self.queries.get(at + 1) else { return Some(draft) };
        self.at = Some((at + 1, draft));
        Some(query.clone())
    }

    /// The field was edited: what stands there now is no query of the past.
    pub fn leave(&mut self) {
        self.at = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_come_back_and_the_draft_with_them() {
        let mut history = History::default();
        for query in ["анна", "ялта", "", "анна ", "8451"] {
            history.push(query);
        }
        let mut walked = vec![history.older("цар")];
        walked.extend([history.older("8451"), history.older("анна"), history.older("ялта")]);
        let text = |query: &str| Some(query.to_owned());
        assert_eq!(walked, [text("8451"), text("анна"), text("ялта"), None]);
        assert_eq!(
            [history.newer(), history.newer(), history.newer()],
            [text("анна"), text("8451"), text("цар")]
        );
        assert_eq!(history.newer(), None);
    }

    #[test]
    fn only_so_many_are_kept() {
        let mut history = History::default();
        (0..200).for_each(|number| history.push(&number.to_string()));
        assert_eq!(history.queries.len(), KEPT);
        assert_eq!(history.older(""), Some("199".to_owned()));
    }
}
