//! How urgent it is: from what was found out to a class and its costs of lateness.

use super::life::Assessment;
use crate::calendar::{Day, Moment};
use crate::model::ticket::Curve;
use crate::policy::desk::{Class, Desk, Floor, Level};

/// The class of what was found out: the first row of the matrix that fits (R002).
#[must_use]
pub fn class<'d>(desk: &'d Desk, assessment: &Assessment) -> Option<&'d Class> {
    let Assessment { cause, losses, degree, .. } = assessment;
    let cell = desk.matrix.iter().find(|cell| cell.fits(*cause, losses, *degree))?;
    desk.classes.iter().find(|class| class.id == cell.class)
}

/// What finishing later than `needed` costs in `class` (R018): its curves, begun there.
#[must_use]
pub fn curves(class: &Class, needed: Moment) -> Vec<Curve> {
    let begun = |curve: &Curve| Curve { after: Some(needed), ..curve.clone() };
    class.curves.iter().map(begun).collect()
}

/// From when on lateness counts (R007): the day there is evidence for, before the one he wishes.
#[must_use]
pub fn counted_from(assessment: &Assessment) -> Option<i64> {
    assessment.needed_ms.or(assessment.wished_ms)
}

/// The level of response for a matter of so many special fields and departments (R128): the
/// highest whose trigger it reaches.
#[must_use]
pub fn level(desk: &Desk, skills: u32, departments: u32) -> Option<&Level> {
    let reaches = |level: &&Level| {
        let is_first = level.from_skills.is_none() && level.from_departments.is_none();
        is_first
            || level.from_skills.is_some_and(|least| skills >= least)
            || level.from_departments.is_some_and(|least| departments >= least)
    };
    desk.levels.iter().filter(reaches).max_by_key(|level| level.level)
}

/// Whether a ticket of this class waits while an emergency lasts (R135).
#[must_use]
pub fn is_frozen(desk: &Desk, class: &str) -> bool {
    desk.surge.as_ref().is_some_and(|surge| surge.frozen_classes.iter().any(|one| one == class))
}

/// The floor in force on `day` that an amount of `field` stays below (R061).
#[must_use]
pub fn below<'d>(desk: &'d Desk, field: &str, amount_fen: i64, day: Day) -> Option<&'d Floor> {
    let floors = desk.floors.iter().filter(|one| one.field == field && one.from.day() <= day);
    floors.max_by_key(|floor| floor.from).filter(|floor| amount_fen < floor.least_fen.0)
}
