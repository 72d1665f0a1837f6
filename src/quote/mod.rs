//! Quotes (报价): the ways to fit a request into the plan in force, each verified, cheapest for the
//! firm first; of equal ones those that move nobody, then the cheaper for the client.
//!
//! Pure: the plan in force is parked once ([`Standing`]), the time is told, the same request at
//! the same time gives the same quote (R252). A request only adds rows to the compiled question and
//! prices their insertion; others move only in a short search around it. What an option touches is
//! verified by itself ([`quote`]), the whole plan when it is accepted ([`accepted`]).

mod accept;
mod chain;
mod excerpt;
mod guest;
mod lent;
mod option;
mod say;
mod standing;
mod ways;

use std::collections::BTreeMap;
use std::panic;
use std::thread::{self, ScopedJoinHandle};

use crate::calendar::{Label, Moment, Zone};
use crate::model::issue::Issue;
use crate::model::quote::{
    Floor, OptionKind, QUOTE_FORMAT, Quote, QuotedOption, Recommended, Refusal, Urgency,
};
use crate::model::request::Request;
use crate::model::ticket::Track;
use crate::policy::Policy;
use crate::time::Tick;
use guest::Guest;

pub use accept::{Accepted, Denied, accepted};
pub use chain::{First, Unmet, first};
pub use standing::Standing;

/// How far to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Options in which nothing moves, on the track asked for.
    Quick,
    /// Every option.
    Full,
}

/// Of the tickets that an urgent service bought ahead pays for, by their keys, how many of those are
/// left (R099).
pub type Included = BTreeMap<String, u32>;

/// What prices follow from.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The rate card and the red lines.
    pub policy: &'a Policy,
    /// What is paid already.
    pub included: &'a Included,
}

/// The quote for `request` at `at`.
///
/// # Errors
/// Everything that is wrong with the request, by its places in it; or a price that is not
/// configured.
pub fn quote(
    standing: &Standing,
    terms: Terms<'_>,
    request: &Request,
    at: Tick,
    depth: Depth,
) -> Result<Quote, Vec<Issue>> {
    let (zone, policy) = (standing.work.zone, terms.policy);
    let minutes = policy.quote_minutes.ok_or_else(|| vec![no_expiry()])?;
    let mut unsaid: Vec<Issue> = policy.unsaid(request).into_iter().map(not_said).collect();
    unsaid.extend(strangers(request));
    if !unsaid.is_empty() {
        return Err(unsaid);
    }
    let mut quote = Quote {
        format: QUOTE_FORMAT.to_owned(),
        zone,
        at: zone.moment(at),
        expires: zone.moment(at + i64::from(minutes)),
        plan_digest: standing.digest.clone(),
        request: request.clone(),
        refusal: refusal(policy, request),
        urgency: None,
        floor: None,
        options: Vec::new(),
        recommended: None,
    };
    let Some(lawful) = lawful(policy, request, quote.refusal.as_ref()) else { return Ok(quote) };
    let asked = Guest::new(standing, &lawful, None, at)?;
    let claims_urgency = asked.tickets.iter().any(|ticket| ticket.track == Track::Urgent);
    quote.floor = floor(&asked, at);
    if depth == Depth::Full && claims_urgency {
        let normal = Guest::new(standing, &lawful, Some(Track::Normal), at)?;
        let way = ways::beside(&normal, &ways::base(&normal), false);
        if let Some(way) = way {
            quote.urgency = urgency(&normal, &lawful, way.finish);
            quote.options.extend(option::quoted(&normal, terms, OptionKind::NormalTrack, &way)?);
        }
    }
    options(asked, (terms, &lawful, at), depth, &mut quote.options)?;
    overcharged_left_out(&mut quote.options);
    // Nobody is moved for nothing, and no client pays more for nothing.
    let order = |option: &QuotedOption| {
        let moves = !option.displaced.is_empty();
        (option.firm.total_fen, moves, option.price.total_fen, finish(option), option.kind)
    };
    quote.options.sort_by_key(order);
    quote.recommended = recommended(&quote, standing, &lawful);
    Ok(quote)
}

/// `quote` with what was promised of the tickets it moves, by their keys. What breaks a promise is
/// not recommended where an option keeps all of them (R131).
#[must_use]
pub fn promised(
    standing: &Standing,
    policy: &Policy,
    mut quote: Quote,
    promises: &BTreeMap<String, Moment>,
) -> Quote {
    for row in quote.options.iter_mut().flat_map(|option| &mut option.displaced) {
        row.promised = promises.get(&row.ticket).copied();
    }
    let lawful = lawful(policy, &quote.request, quote.refusal.as_ref());
    quote.recommended = lawful.and_then(|request| recommended(&quote, standing, &request));
    quote
}

/// Whether somebody whom it moves is finished after what he was promised.
fn breaks_a_promise(option: &QuotedOption, zone: Zone) -> bool {
    let ticks = |moment| zone.tick(moment).ok();
    option.displaced.iter().any(|row| {
        let promised = row.promised.and_then(ticks);
        // What is late already is not made so by this option.
        let is_later = ticks(row.new_finish) > ticks(row.old_finish);
        is_later && promised.is_some_and(|promised| ticks(row.new_finish) > Some(promised))
    })
}

/// When `request` would be finished beside what stands, if it were put in at `at`; nothing when
/// there is no room for it up to the horizon. An estimate: it is not verified, not priced, and
/// holds nothing for anybody.
///
/// # Errors
/// Everything that is wrong with the request, by its places in it.
pub fn estimate(
    standing: &Standing,
    request: &Request,
    at: Tick,
) -> Result<Option<Tick>, Vec<Issue>> {
    let asked = Guest::new(standing, request, None, at)?;
    let way = ways::beside(&asked, &ways::base(&asked), false);
    Ok(way.map(|way| way.finish))
}

fn no_expiry() -> Issue {
    Issue::error("P101", "$", "没有规定报价的有效期", "how long a quote holds is not stated")
        .hint("须配置 quote_minutes", "`quote_minutes` must be configured")
}

fn not_said(name: &str) -> Issue {
    Issue::error(
        "Q103",
        "$.attributes",
        format!("该服务有红线要看 {name}，请求没有写明"),
        format!("a red line of this service depends on {name}, which the request does not state"),
    )
    .hint(format!("在 attributes 中写明 {name} 的值"), format!("state {name} among its attributes"))
}

/// What is stated of tickets that the request does not ask for.
fn strangers(request: &Request) -> impl Iterator<Item = Issue> {
    let rows = request.stated.iter().enumerate();
    let is_asked = |key: &str| request.tickets.iter().any(|ticket| ticket.id == key);
    rows.filter(move |(_, row)| !is_asked(&row.ticket)).map(|(place, row)| {
        let key = &row.ticket;
        Issue::error(
            "Q104",
            format!("$.stated[{place}].ticket"),
            format!("请求中没有工单 {key}"),
            format!("the request has no ticket {key}"),
        )
        .hint("只写所请求的工单", "name a ticket that it asks for")
    })
}

/// The red line that `request` crosses (R013).
fn refusal(policy: &Policy, request: &Request) -> Option<Refusal> {
    let line = policy.crossed(request)?;
    Some(Refusal {
        code: line.code.clone(),
        reason: line.reason.clone(),
        consequence: line.consequence.clone(),
        alternative: line.alternative.as_ref().map(|other| other.service.clone()),
        about: line.alternative.as_ref().map(|other| other.about.clone()),
    })
}

/// What may be quoted: the request, or its lawful alternative where that crosses no line.
fn lawful(policy: &Policy, request: &Request, refusal: Option<&Refusal>) -> Option<Request> {
    let Some(refusal) = refusal else { return Some(request.clone()) };
    let line = policy.red_lines.iter().find(|line| line.code == refusal.code)?;
    let other = accept::instead(request, line, refusal.alternative.as_ref()?);
    policy.crossed(&other).is_none().then_some(other)
}

/// Adds the options in which the request is served as asked.
fn options(
    mut asked: Guest<'_>,
    (terms, request, at): (Terms<'_>, &Request, Tick),
    depth: Depth,
    found: &mut Vec<QuotedOption>,
) -> Result<(), Vec<Issue>> {
    let mut add = |option: Option<QuotedOption>| {
        let is_new = |option: &QuotedOption| {
            let mut alike = found.iter().filter(|other| other.digest == option.digest);
            alike.all(|other| other.kind == OptionKind::NormalTrack)
        };
        found.extend(option.filter(is_new));
    };
    let is_served = {
        let base = ways::base(&asked);
        let plain = ways::beside(&asked, &base, false);
        let extra = ways::beside(&asked, &base, true);
        let is_earlier = |way: &ways::Way<'_>| plain.as_ref().is_none_or(|p| way.finish < p.finish);
        if let Some(way) = &plain {
            add(option::quoted(&asked, terms, OptionKind::AsItStands, way)?);
        }
        let extra = extra.filter(is_earlier);
        if let Some(way) = &extra {
            add(option::quoted(&asked, terms, OptionKind::Overtime, way)?);
        }
        if depth == Depth::Quick {
            return Ok(());
        }
        let start = extra.as_ref().or(plain.as_ref());
        let best = start.map(|way| way.finish);
        if best.zip(asked.wish).is_none_or(|(finish, wish)| finish > wish) {
            let anew = || {
                let mut guest = Guest::new(asked.standing, request, None, at)?;
                rearranged(&mut guest, terms, best.is_some())
            };
            let way = || ways::rearranged(&asked, &base, start);
            let (way, rearranged) = at_once(way, anew);
            if let Some(way) = way.filter(|way| best.is_none_or(|best| way.finish < best)) {
                add(option::quoted(&asked, terms, OptionKind::Displacing, &way)?);
            }
            add(rearranged?);
            return Ok(());
        }
        best.is_some()
    };
    add(rearranged(&mut asked, terms, is_served)?);
    Ok(())
}

/// The option in which others move where that costs least; what is asked counts like all others.
fn rearranged(
    guest: &mut Guest<'_>,
    terms: Terms<'_>,
    extra: bool,
) -> Result<Option<QuotedOption>, Vec<Issue>> {
    guest.undrive();
    let base = ways::base(guest);
    let own =
        |way: &ways::Way<'_>| -> i64 { guest.ids().map(|id| way.schedule.standing(id).cost).sum() };
    let plain = ways::beside(guest, &base, extra);
    let way = ways::rearranged(guest, &base, plain.as_ref());
    let total = |way: &ways::Way<'_>| way.cost + own(way);
    let gains = |way: &ways::Way<'_>| plain.as_ref().is_none_or(|p| total(way) < total(p));
    let way = way.filter(|way| gains(way) && !way.moved.is_empty());
    way.map_or(Ok(None), |way| option::quoted(guest, terms, OptionKind::Rearranged, &way))
}

/// Does both, each on a processor of its own where there are two: a caller waits for the longer
/// one alone. What they come to is the same either way.
fn at_once<A, B: Send>(one: impl FnOnce() -> A, other: impl Fn() -> B + Sync) -> (A, B) {
    thread::scope(|scope| {
        let begun = thread::Builder::new().spawn_scoped(scope, &other);
        let one = one();
        match begun.map(ScopedJoinHandle::join) {
            Ok(Ok(done)) => (one, done),
            Ok(Err(panic)) => panic::resume_unwind(panic),
            // The system gives no threads.
            Err(_) => (one, other()),
        }
    })
}

/// Leaves out what costs the client more for nothing: the urgent track where the normal one is as
/// soon (R101).
fn overcharged_left_out(options: &mut Vec<QuotedOption>) {
    let normal = options.iter().find(|option| option.kind == OptionKind::NormalTrack).map(finish);
    options.retain(|option| {
        option.kind != OptionKind::AsItStands || normal.is_none_or(|by| finish(option) < by)
    });
}

/// The moment an option is finished, to be compared.
fn finish(option: &QuotedOption) -> (i32, u16) {
    (option.finish.day().0, option.finish.minute())
}

/// The honest date, and the chain that forces it (R010, R011).
fn floor(guest: &Guest<'_>, at: Tick) -> Option<Floor> {
    let finish = guest.floor?;
    Some(Floor {
        finish: guest.work.zone.moment(finish),
        is_beyond_wish: guest.wish.is_some_and(|wish| wish < finish),
        chain: chain::links(guest),
        working_days: chain::working_days(&guest.work, guest.tickets.len(), (at, finish)),
    })
}

/// Slack between the evidenced need and the normal track (R004, R007).
fn urgency(normal: &Guest<'_>, request: &Request, finish: Tick) -> Option<Urgency> {
    let zone = normal.work.zone;
    let needed = zone.tick(request.wish.needed?).ok()?;
    let slack = needed - finish;
    Some(Urgency {
        needed: zone.moment(needed),
        normal_finish: zone.moment(finish),
        slack_minutes: slack,
        is_false: slack >= 0,
    })
}

/// The normal track where the urgency is false; else the cheapest option that keeps the need, or
/// the wish where none is evidenced; else the cheapest.
fn recommended(quote: &Quote, standing: &Standing, request: &Request) -> Option<Recommended> {
    let zone = standing.work.zone;
    let kinds = |kind| quote.options.iter().any(|option| option.kind == kind);
    if let Some(urgency) = quote.urgency.filter(|urgency| urgency.is_false) {
        let (needed, normal) = (say::when(urgency.needed), say::when(urgency.normal_finish));
        return kinds(OptionKind::NormalTrack).then(|| Recommended {
            kind: OptionKind::NormalTrack,
            reason: Label::new(
                format!("并非真急：{needed} 前需要，常规流程 {normal} 就能完成"),
                format!("not truly urgent: needed by {needed}, the normal track is done {normal}"),
            ),
        });
    }
    let by: Option<Moment> = request.wish.needed.or(request.wish.requested);
    let by = by.and_then(|by| zone.tick(by).ok());
    let keeps = |option: &&QuotedOption| {
        let finish = zone.tick(option.finish).ok();
        by.is_none_or(|by| finish.is_some_and(|finish| finish <= by))
    };
    let is_kind = |option: &&QuotedOption| !breaks_a_promise(option, zone);
    let kind: Vec<&QuotedOption> = quote.options.iter().filter(is_kind).collect();
    let all = || quote.options.iter().collect();
    let options: Vec<&QuotedOption> = if kind.is_empty() { all() } else { kind };
    let keeping = options.iter().copied().find(keeps);
    let (zh, en) = match (by, keeping) {
        (Some(_), Some(_)) => ("能按时完成的方案中成本最低", "the cheapest option that is in time"),
        (Some(_), None) => ("没有方案能按时，成本最低", "no option is in time; this costs least"),
        (None, _) => ("成本最低", "it costs least"),
    };
    let option = keeping.or(options.first().copied())?;
    Some(Recommended { kind: option.kind, reason: Label::new(zh, en) })
}
