//! The electronic file (R060): every paper and trace of tickets, filed the moment it is on record,
//! and found again by client, ticket and name.

use super::event::Event;
use super::life::{Garbled, Happening};
use crate::policy::desk::Source;

/// A paper or a trace on file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Paper {
    /// The ticket.
    pub ticket: String,
    /// Its client.
    pub client: Option<String>,
    /// What it is; nothing for traces.
    pub name: Option<String>,
    /// Where it is from, for traces (R076).
    pub source: Option<Source>,
    /// Its digest, by which it is fetched and known to be unchanged.
    pub digest: String,
    /// When it was filed.
    pub filed_ms: i64,
    /// Whether no other version has taken its place (R195).
    pub is_current: bool,
}

/// The papers and traces of one ticket, in the order they were filed.
///
/// # Errors
/// [`Garbled`] with the first event that cannot be read.
pub fn papers<'e>(
    (ticket, client): (&str, Option<&str>),
    events: impl IntoIterator<Item = &'e Event>,
) -> Result<Vec<Paper>, Garbled> {
    let mut papers: Vec<Paper> = Vec::new();
    for event in events {
        let (name, source, digest) = match Happening::read(event)? {
            Some(Happening::DocumentFiled { name, digest, .. }) => (Some(name), None, digest),
            Some(Happening::EvidenceFiled { source, digest, .. }) => (None, Some(source), digest),
            Some(Happening::DailyReported { digest }) => (None, Some(Source::Report), digest),
            _ => continue,
        };
        if name.is_some() {
            let earlier = papers.iter_mut().filter(|paper| paper.name == name);
            earlier.for_each(|paper| paper.is_current = false);
        }
        papers.push(Paper {
            ticket: ticket.to_owned(),
            client: client.map(str::to_owned),
            name,
            source,
            digest,
            filed_ms: event.at_ms,
            is_current: true,
        });
    }
    Ok(papers)
}

/// What is looked for; what is not stated, anything.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Search<'a> {
    /// Papers of this client.
    pub client: Option<&'a str>,
    /// Papers whose name holds this, whatever the case.
    pub name: Option<&'a str>,
    /// Traces from there.
    pub source: Option<Source>,
    /// With versions that were replaced.
    pub is_with_old: bool,
}

/// What is found, the latest first.
#[must_use]
pub fn find<'p>(papers: &'p [Paper], search: &Search<'_>) -> Vec<&'p Paper> {
    let fits = |paper: &&Paper| {
        let holds = |wanted: &str| {
            let wanted = wanted.to_lowercase();
            paper.name.as_ref().is_some_and(|name| name.to_lowercase().contains(&wanted))
        };
        (paper.is_current || search.is_with_old)
            && search.client.is_none_or(|client| paper.client.as_deref() == Some(client))
            && search.source.is_none_or(|source| paper.source == Some(source))
            && search.name.is_none_or(holds)
    };
    let mut found: Vec<&Paper> = papers.iter().filter(fits).collect();
    found.sort_by_key(|paper| std::cmp::Reverse(paper.filed_ms));
    found
}
