//! What people and things can bear one after the other: one at a time (H4), shared things (H16),
//! travel (H14).

use super::report::{Code, Violation};
use super::scene::Scene;
use crate::id::Id;
use crate::model::rule::Rule;
use crate::model::work::{Person, Site, Step};
use crate::time::{Span, Tick};

/// H4, H16 and H14.
pub(super) fn check(scene: &Scene, found: &mut Vec<Violation>) {
    let work = scene.work;
    for (person, line) in scene.lines.pairs() {
        for (earlier, later, minutes) in overlaps(scene, line) {
            let (one, two) = (&work.steps[earlier].key, &work.steps[later].key);
            let name = &work.people[person].key;
            let violation = Violation::new(
                Code::Rule(Rule::H4),
                format!("{name} 同时在做 {one} 与 {two},重叠 {minutes} 分钟"),
                format!("{name} is in {one} and {two} at once, for {minutes} minutes"),
            );
            found.push(violation.person(work, person).by(minutes).placed(scene, later));
        }
        if let Some(base) = work.people[person].base {
            travel(scene, person, base, line, found);
        }
    }
    things(scene, found);
}

impl Violation {
    fn placed(self, scene: &Scene, step: Id<Step>) -> Violation {
        let start = scene.placed[step].as_ref().map(|row| row.span.start);
        let violation = self.step(scene.work, step);
        match start {
            Some(start) => violation.at(scene.work, start),
            None => violation,
        }
    }
}

fn span(scene: &Scene, step: Id<Step>) -> Span {
    scene.placed[step].as_ref().map_or(Span::new(Tick::MIN, Tick::MIN), |row| row.span)
}

/// Steps of `line` (sorted by start) that share minutes with an earlier one, and how many;
/// two facts do not count.
fn overlaps(scene: &Scene, line: &[Id<Step>]) -> Vec<(Id<Step>, Id<Step>, i64)> {
    let mut pairs = Vec::new();
    // The steps so far that end last: among facts, and among the others.
    let mut open: [Option<Id<Step>>; 2] = [None, None];
    for &step in line {
        let (own, fact) = (span(scene, step), scene.is_fact(step));
        let candidates = open.iter().flatten().filter(|&&other| !(fact && scene.is_fact(other)));
        let shared =
            candidates.filter_map(|&other| Some((span(scene, other).intersection(own)?, other)));
        if let Some((shared, other)) = shared.max_by_key(|(shared, _)| shared.minutes()) {
            pairs.push((other, step, shared.minutes()));
        }
        let latest = &mut open[usize::from(fact)];
        if latest.is_none_or(|other| span(scene, other).end < own.end) {
            *latest = Some(step);
        }
    }
    pairs
}

fn things(scene: &Scene, found: &mut Vec<Violation>) {
    let work = scene.work;
    let mut holders: Vec<Vec<Id<Step>>> = work.things.iter().map(|_| Vec::new()).collect();
    for (id, step, _) in scene.rows() {
        let mut things = step.things.clone();
        things.sort_unstable();
        things.dedup();
        for thing in things {
            holders[thing.index()].push(id);
        }
    }
    for (thing, mut line) in work.things.ids().zip(holders) {
        line.sort_by_key(|&step| (span(scene, step), step));
        for (earlier, later, minutes) in overlaps(scene, &line) {
            let (one, two, name) =
                (&work.steps[earlier].key, &work.steps[later].key, &work.things[thing]);
            let violation = Violation::new(
                Code::Rule(Rule::H16),
                format!("{one} 与 {two} 同时占用 {name} {minutes} 分钟"),
                format!("{one} and {two} hold {name} at once, for {minutes} minutes"),
            );
            found.push(violation.by(minutes).placed(scene, later));
        }
    }
}

/// H14 along one person's line.
fn travel(
    scene: &Scene,
    person: Id<Person>,
    base: Id<Site>,
    line: &[Id<Step>],
    found: &mut Vec<Violation>,
) {
    let work = scene.work;
    // The latest end among the steps up to each.
    let mut latest = Vec::with_capacity(line.len());
    for &step in line {
        let end = span(scene, step).end;
        latest.push(latest.last().map_or(end, |&before: &Tick| before.max(end)));
    }
    for (position, &step) in line.iter().enumerate() {
        let Some(site) = work.steps[step].site else { continue };
        let start = span(scene, step).start;
        let overlapping = position > 0 && latest[position - 1] > start;
        if scene.is_fact(step) || overlapping {
            continue; // begun steps have travelled; an overlap is H4's
        }
        let (before, last_site) = earlier_today(scene, line, &latest, position);
        let from = last_site.unwrap_or(base);
        let name = &work.people[person].key;
        let (key, one, two) = (&work.steps[step].key, &work.sites[from], &work.sites[site]);
        let Some(minutes) = work.travel[from][site] else {
            let violation = Violation::new(
                Code::Rule(Rule::H14),
                format!("{name} 做 {key} 前须从 {one} 到 {two},但没有路"),
                format!("for {key} {name} must get from {one} to {two}, and there is no way"),
            );
            found.push(violation.person(work, person).by(1).placed(scene, step));
            continue;
        };
        let ready = match before {
            None if minutes == 0 => None,
            None => first_regular(scene, person, start),
            end => end,
        };
        let short = ready.map_or(0, |ready| ready + minutes - start);
        if short > 0 {
            let violation = Violation::new(
                Code::Rule(Rule::H14),
                format!(
                    "{name} 从 {one} 到 {two} 路上要 {minutes} 分钟,{key} 早开始了 {short} 分钟"
                ),
                format!(
                    "{name} needs {minutes} minutes from {one} to {two}, \
                     {key} starts {short} minutes too early"
                ),
            );
            found.push(violation.person(work, person).by(short).placed(scene, step));
        }
    }
}

/// Of the steps before `position` that end on the local date it starts on: the latest end, and
/// the latest site.
fn earlier_today(
    scene: &Scene,
    line: &[Id<Step>],
    latest: &[Tick],
    position: usize,
) -> (Option<Tick>, Option<Id<Site>>) {
    let work = scene.work;
    let today = work.zone.date(span(scene, line[position]).start);
    let mut end: Option<Tick> = None;
    let mut site: Option<(Tick, Id<Site>)> = None;
    for row in (0..position).rev() {
        if work.zone.date(latest[row] - 1) < today {
            break;
        }
        let own = span(scene, line[row]).end;
        if work.zone.date(own - 1) == today {
            end = end.max(Some(own));
            site = site.max(work.steps[line[row]].site.map(|site| (own, site)));
        }
    }
    (end, site.map(|(_, site)| site))
}

/// The person's first regular minute, by presence, of the local date of `tick`.
fn first_regular(scene: &Scene, person: Id<Person>, tick: Tick) -> Option<Tick> {
    let zone = scene.work.zone;
    let today = zone.date(tick);
    let date = Span::new(zone.midnight(today), zone.midnight(today.plus(1)));
    let mut slots = scene.hours.within(person, false, date);
    slots.find(|slot| slot.regular).map(|slot| slot.span.start)
}
