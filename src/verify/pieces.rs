//! H3: the worked minutes of each step are the ones its people and its bureau allow, all of them
//! where they are regular, and as many as the step takes.

use super::report::{Code, Violation};
use super::scene::{Placed, Scene, needed, worked};
use super::spans;
use crate::id::Id;
use crate::model::rule::Rule;
use crate::model::work::{Progress, Step};
use crate::time::{Span, Tick};

/// Every step with seats that is not done.
pub(super) fn check(scene: &Scene, found: &mut Vec<Violation>) {
    for (id, step, row) in scene.rows() {
        if !step.is_wait() && !matches!(step.progress, Some(Progress::Done { .. })) {
            Piecework::new(scene, id, row).check(found);
        }
    }
}

/// One step's pieces against what its people could work.
struct Piecework<'a> {
    scene: &'a Scene<'a>,
    id: Id<Step>,
    row: &'a Placed,
    /// The span in which the rule holds: of a begun step what is left of it.
    span: Span,
    pieces: Vec<Span>,
}

impl<'a> Piecework<'a> {
    fn new(scene: &'a Scene<'a>, id: Id<Step>, row: &'a Placed) -> Piecework<'a> {
        let work = scene.work;
        if !scene.is_fact(id) {
            return Piecework { scene, id, row, span: row.span, pieces: row.pieces.clone() };
        }
        let left = worked(row.span, scene.turns.get(&id));
        let pieces = spans::common(&row.pieces, &[Span::new(work.as_of, Tick::MAX)]);
        Piecework { scene, id, row, span: left, pieces }
    }

    fn check(&self, found: &mut Vec<Violation>) {
        let Scene { work, hours, .. } = self.scene;
        let step = &work.steps[self.id];
        let stretches = hours.workable(work, step, &self.row.people, self.span);
        let of = |regular: bool| {
            let kind = stretches.iter().filter(move |stretch| stretch.regular == regular);
            spans::merged(kind.map(|stretch| stretch.span).collect())
        };
        let (regular, extra) = (of(true), of(false));
        let key = &step.key;
        self.report(
            &spans::without(&self.pieces, &[self.span]),
            format!("步骤 {key} 在起止时间之外列有工作"),
            format!("step {key} lists work outside its start and end"),
            found,
        );
        let inside = spans::common(&self.pieces, &[self.span]);
        self.report(
            &spans::without(&regular, &inside),
            format!("步骤 {key} 漏掉了全员正常工作的时间"),
            format!("step {key} leaves out minutes that are regular for all its people"),
            found,
        );
        let idle = spans::without(&spans::without(&inside, &regular), &extra);
        self.report(
            &idle,
            format!("步骤 {key} 在不可工作的时间列有工作(非在岗、仅部分人正常上班或机构关门)"),
            format!("step {key} is worked while not all its people can, or the bureau is closed"),
            found,
        );
        self.count(found);
        self.bounds(found);
    }

    fn report(&self, wrong: &[Span], zh: String, en: String, found: &mut Vec<Violation>) {
        if let Some(first) = wrong.first() {
            let work = self.scene.work;
            let (minutes, at) = (spans::minutes(wrong), work.zone.show(first.start));
            let zh = format!("{zh}:{minutes} 分钟,自 {at}");
            let en = format!("{en}: {minutes} minutes, from {at} on");
            let violation = Violation::new(Code::Rule(Rule::H3), zh, en).step(work, self.id);
            found.push(violation.at(work, first.start).by(minutes));
        }
    }

    fn count(&self, found: &mut Vec<Violation>) {
        let work = self.scene.work;
        let worked = spans::minutes(&self.pieces);
        let Some(needed) = needed(work, self.id, &self.row.people) else { return };
        if worked != needed {
            let key = &work.steps[self.id].key;
            let violation = Violation::new(
                Code::Rule(Rule::H3),
                format!("步骤 {key} 应工作 {needed} 分钟,计划工作 {worked} 分钟"),
                format!("step {key} takes {needed} minutes, the plan works {worked}"),
            );
            let violation = violation.step(work, self.id).at(work, self.span.start);
            found.push(violation.by((worked - needed).abs()));
        }
    }

    /// The first minute (unless begun) and the last are worked.
    fn bounds(&self, found: &mut Vec<Violation>) {
        let work = self.scene.work;
        let key = &work.steps[self.id].key;
        let worked = |tick: Tick| self.pieces.iter().any(|piece| piece.contains(tick));
        let mut idle = |tick: Tick, zh: &str, en: &str| {
            let (zh, en) = (
                format!("步骤 {key} 的{zh}没有在工作"),
                format!("step {key} is not worked in its {en} minute"),
            );
            let violation = Violation::new(Code::Rule(Rule::H3), zh, en);
            found.push(violation.step(work, self.id).at(work, tick).by(1));
        };
        if !self.scene.is_fact(self.id) && !worked(self.span.start) {
            idle(self.span.start, "第一分钟", "first");
        }
        if self.span.minutes() > 0 && !worked(self.span.end - 1) {
            idle(self.span.end - 1, "最后一分钟", "last");
        }
    }
}
