//! Rules about who may do the work: skills nobody has, steps nobody may lead, seats that cannot
//! all be filled, sites nobody can reach. All are warnings: the ticket will be left out, the rest
//! of the queue is planned.

use std::collections::BTreeMap;

use super::{Found, Subject};
use crate::calendar::Day;
use crate::id::Id;
use crate::model::issue::Issue;
use crate::model::work::{Person, Seat, Skill, Step, Work};

/// Who holds which skill, at which level, in force at `as_of`.
pub(super) struct Crew {
    holders: BTreeMap<Id<Skill>, Vec<(Id<Person>, u8)>>,
}

/// How many people who hold the skill are kept off a step, and why.
#[derive(Default)]
struct KeptOff {
    excluded: usize,
    urgent_only: usize,
    trainees: usize,
}

impl Crew {
    pub(super) fn new(work: &Work, today: Day) -> Crew {
        let mut holders: BTreeMap<Id<Skill>, Vec<(Id<Person>, u8)>> = BTreeMap::new();
        for (person, row) in work.people.pairs() {
            for held in row.skills.iter().filter(|held| held.until.is_none_or(|day| day >= today)) {
                holders.entry(held.skill).or_default().push((person, held.level));
            }
        }
        Crew { holders }
    }

    /// Those who hold the skill, with their levels.
    fn of(&self, skill: Id<Skill>) -> &[(Id<Person>, u8)] {
        self.holders.get(&skill).map_or(&[], Vec::as_slice)
    }

    /// Those who hold what `seat` asks for.
    fn fitting(&self, seat: Seat) -> impl Iterator<Item = Id<Person>> {
        let all = self.of(seat.skill).iter();
        all.filter(move |(_, level)| *level >= seat.level).map(|(person, _)| *person)
    }
}

impl Subject<'_> {
    /// Whether rule H2 lets `person` fill seat `position` of `step`, mentors aside.
    pub(super) fn may_fill(&self, step: &Step, position: usize, person: Id<Person>) -> bool {
        let (ticket, row) = (&self.work.tickets[step.ticket], &self.work.people[person]);
        let taught = row.trainee && position > 0 && !row.mentors.is_empty();
        let level = if step.seats[position].trainee { taught } else { !row.trainee || taught };
        level && !ticket.excluded.contains(&person) && (ticket.urgent || !row.urgent_only)
    }

    /// Whether `person` holds what `seat` asks for, in force at `as_of`.
    pub(super) fn holds(&self, person: Id<Person>, seat: Seat) -> bool {
        let today = self.today();
        self.work.people[person].skills.iter().any(|held| {
            held.skill == seat.skill
                && held.level >= seat.level
                && held.until.is_none_or(|day| day >= today)
        })
    }

    fn kept_off(&self, step: &Step) -> KeptOff {
        let mut off = KeptOff::default();
        let ticket = &self.work.tickets[step.ticket];
        for person in self.crew.fitting(step.seats[0]) {
            let row = &self.work.people[person];
            if ticket.excluded.contains(&person) {
                off.excluded += 1;
            } else if row.trainee {
                off.trainees += 1;
            } else {
                off.urgent_only += usize::from(row.urgent_only && !ticket.urgent);
            }
        }
        off
    }
}

/// W301, W302, W309, W317: each step with seats that is no fact can be staffed, as far as single
/// steps can tell.
pub(super) fn staffing(subject: &Subject, found: &mut Found) {
    for (id, step) in subject.work.steps.pairs() {
        if step.progress.is_some() || step.seats.first().is_none_or(|seat| seat.trainee) {
            continue;
        }
        let mut held = true;
        for (position, seat) in step.seats.iter().enumerate() {
            if subject.crew.fitting(*seat).next().is_none() {
                held = false;
                let path = format!("{}.seats[{position}]", subject.written(id).path);
                found.add(nobody_holds(subject, *seat, path));
            }
        }
        if !held {
            continue;
        }
        let mut leads = subject
            .crew
            .fitting(step.seats[0])
            .filter(|p| subject.may_fill(step, 0, *p))
            .peekable();
        if leads.peek().is_none() {
            found.add(nobody_leads(subject, id));
        } else if let Some(site) = step.site {
            let reaches = |person: Id<Person>| {
                let base = subject.work.people[person].base;
                base.is_none_or(|base| subject.work.travel[base][site].is_some())
            };
            if !leads.any(reaches) {
                found.add(unreachable(subject, id));
            }
        }
        if step.seats.len() > 1 && !seats_fill(subject, step) {
            found.add(too_few(subject, id));
        }
    }
}

fn nobody_holds(subject: &Subject, seat: Seat, path: String) -> Issue {
    let skill = &subject.work.skills[seat.skill];
    let level = seat.level;
    let best = subject
        .crew
        .of(seat.skill)
        .iter()
        .max_by_key(|(person, level)| (*level, std::cmp::Reverse(person.index())));
    let issue = Issue::warning(
        "W301",
        path,
        format!("无人具备技能“{skill}”{level} 级，相关工单将排不进去"),
        format!(
            "nobody holds skill \"{skill}\" at level {level}: tickets with it will be unserved"
        ),
    );
    match best {
        Some((person, best)) => {
            let who = &subject.work.people[*person].key;
            issue.hint(
                format!("最高为“{who}”的 {best} 级：降低要求或提升该员工"),
                format!("the highest is \"{who}\" at level {best}: ask for less, or raise them"),
            )
        }
        None => {
            issue.hint("为员工添加该技能，或改步骤", "give somebody the skill, or change the step")
        }
    }
}

fn nobody_leads(subject: &Subject, id: Id<Step>) -> Issue {
    let step = &subject.work.steps[id];
    let KeptOff { excluded, urgent_only, trainees } = subject.kept_off(step);
    let key = &step.key;
    let path = subject.written(id).path;
    Issue::warning(
        "W302",
        path,
        format!("步骤“{key}”无人可以主办：具备技能者中 {excluded} 人被排除、{urgent_only} 人只接加急、{trainees} 人为见习"),
        format!("nobody may lead step \"{key}\": of those with the skill {excluded} are excluded, {urgent_only} take urgent tickets only, {trainees} are trainees"),
    )
    .hint("放宽排除、改走加急，或再安排一名员工", "exclude fewer, make it urgent, or add a person")
}

fn unreachable(subject: &Subject, id: Id<Step>) -> Issue {
    let step = &subject.work.steps[id];
    let site = step.site.map_or("", |site| subject.work.sites[site].as_str());
    Issue::warning(
        "W309",
        subject.written(id).site(),
        format!("可主办者的驻地都没有到“{site}”的路线"),
        format!("no way leads to \"{site}\" from the base of anybody who may lead this step"),
    )
    .hint("在 travel 中补上路程", "add a leg to `travel`")
}

fn too_few(subject: &Subject, id: Id<Step>) -> Issue {
    let step = &subject.work.steps[id];
    let (key, count) = (&step.key, step.seats.len());
    Issue::warning(
        "W317",
        format!("{}.seats", subject.written(id).path),
        format!("步骤“{key}”的 {count} 个席位凑不齐不同的人"),
        format!("there are not enough people for the {count} seats of step \"{key}\""),
    )
    .hint("减少席位或降低要求，或再安排员工", "ask for fewer seats or lower levels, or add people")
}

/// Whether the seats can be filled with that many different people (augmenting paths, Kuhn 1955).
fn seats_fill(subject: &Subject, step: &Step) -> bool {
    let fits: Vec<Vec<Id<Person>>> = step
        .seats
        .iter()
        .enumerate()
        .map(|(position, seat)| {
            let holders = subject.crew.fitting(*seat);
            // More than there are seats is never needed.
            holders
                .filter(|p| subject.may_fill(step, position, *p))
                .take(step.seats.len())
                .collect()
        })
        .collect();
    let mut taken: BTreeMap<Id<Person>, usize> = BTreeMap::new();
    (0..fits.len()).all(|seat| seated(seat, &fits, &mut taken, &mut vec![false; fits.len()]))
}

fn seated(
    seat: usize,
    fits: &[Vec<Id<Person>>],
    taken: &mut BTreeMap<Id<Person>, usize>,
    asked: &mut [bool],
) -> bool {
    asked[seat] = true;
    for person in &fits[seat] {
        let holder = taken.get(person).copied();
        if holder.is_none_or(|other| !asked[other] && seated(other, fits, taken, asked)) {
            taken.insert(*person, seat);
            return true;
        }
    }
    false
}

/// W321: steps that must have the same lead, though nobody may lead all of them.
pub(super) fn same_lead(subject: &Subject, found: &mut Found) {
    let groups = super::companion::lead_groups(subject);
    let mut members: BTreeMap<Id<Step>, Vec<Id<Step>>> = BTreeMap::new();
    for (id, step) in subject.work.steps.pairs().filter(|(_, step)| !step.is_wait()) {
        if step.progress.is_none() {
            members.entry(groups[id]).or_default().push(id);
        }
    }
    for steps in members.values().filter(|steps| steps.len() > 1) {
        let leads = |id: &Id<Step>, person: Id<Person>| {
            let step = &subject.work.steps[*id];
            subject.holds(person, step.seats[0]) && subject.may_fill(step, 0, person)
        };
        let mut people = subject.work.people.ids();
        if people.any(|person| steps.iter().all(|id| leads(id, person))) {
            continue;
        }
        // Where nobody may lead one of them, that has been told already.
        let led = |id: &Id<Step>| subject.work.people.ids().any(|person| leads(id, person));
        if !steps.iter().all(led) {
            continue;
        }
        let names: Vec<&str> =
            steps.iter().map(|id| subject.work.steps[*id].key.as_str()).collect();
        let names = names.join(", ");
        let last = steps[steps.len() - 1];
        found.add(
            Issue::warning(
                "W321",
                subject.written(last).path,
                format!("这些步骤要求同一主办，但无人能全部主办：{names}"),
                format!(
                    "these steps are to have the same lead, but nobody may lead them all: {names}"
                ),
            )
            .hint("放宽 same_as，或培养一名员工", "relax `same_as`, or train somebody"),
        );
    }
}
