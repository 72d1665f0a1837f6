//! What makes two steps alike in who may do them, in how long and at what price: steps of one kind
//! share their options. At 100,000 tickets most of compiling would be making them again.

use crate::id::Id;
use crate::model::ticket::BureauRule;
use crate::model::work::{Clock, Person, Site, Skill, Step, Team, Work};

/// All that the options of a step depend on of which nothing is done or frozen; a field added to
/// what makes options belongs here.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind<'a> {
    /// Skill, least level, and whether a trainee fills it.
    seats: Vec<(Id<Skill>, u8, bool)>,
    pinned: &'a [Id<Person>],
    urgent: bool,
    excluded: &'a [Id<Person>],
    /// Minutes of effort times percent of tool.
    effort: i64,
    stated: &'a [(Id<Person>, i64)],
    site: Option<Id<Site>>,
    remote: bool,
    /// The hours it has to lie in wholly.
    hours: Option<Id<Clock>>,
    /// The client's person and team.
    owner: Option<Id<Person>>,
    team: Option<Id<Team>>,
}

impl<'a> Kind<'a> {
    /// The kind of `step`.
    pub(super) fn new(work: &'a Work, step: &'a Step) -> Kind<'a> {
        let ticket = &work.tickets[step.ticket];
        let wholly = step.bureau.filter(|(_, rule)| *rule == BureauRule::Wholly);
        let prices = &work.policy.preference;
        let priced = prices.off_owner_fen.0 != 0 || prices.off_team_fen.0 != 0;
        let client = ticket.client.filter(|_| priced).map(|client| &work.clients[client]);
        Kind {
            seats: step.seats.iter().map(|seat| (seat.skill, seat.level, seat.trainee)).collect(),
            pinned: &step.pinned_people,
            urgent: ticket.urgent,
            excluded: &ticket.excluded,
            effort: step.effort * step.tool_percent,
            stated: &step.stated,
            site: step.site,
            remote: step.remote,
            hours: wholly.map(|(bureau, _)| work.bureaus[bureau].hours),
            owner: client.and_then(|client| client.owner),
            team: client.and_then(|client| client.team),
        }
    }
}
