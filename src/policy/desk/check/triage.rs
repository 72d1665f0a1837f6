//! Classes of urgency, the matrix that leads to them, emergencies.

use super::Found;
use crate::policy::desk::{Cause, Cell, Degree, Loss};

pub(super) fn classes(found: &mut Found<'_>) {
    let desk = found.desk;
    if desk.classes.is_empty() {
        found.blank("classes");
    }
    found.twice("classes", desk.classes.iter().map(|class| class.id.as_str()));
    for (row, class) in desk.classes.iter().enumerate() {
        for (at, curve) in class.curves.iter().enumerate() {
            let path = format!("classes[{row}].curves[{at}]");
            if curve.per_hour_fen.0 > 0 && curve.per_day_fen.0 > 0 {
                let (zh, en) = ("按小时与按天只能写一个", "per hour or per day, not both");
                found.error("P217", &path, zh, en);
            }
            if curve.after.is_some() {
                let (zh, en) = (
                    "起点由工单决定，不写 after",
                    "the ticket says from when on: leave out `after`",
                );
                found.error("P217", &path, zh, en);
            }
            let calendar = curve.calendar.as_ref().filter(|name| {
                !found.scenario.calendars.iter().any(|calendar| calendar.id == **name)
            });
            if let Some(name) = calendar {
                found.stranger("P202", &format!("{path}.calendar"), name);
            }
        }
    }
}

/// Whatever is found out leads to a class (P208).
pub(super) fn matrix(found: &mut Found<'_>) {
    let desk = found.desk;
    for (row, cell) in desk.matrix.iter().enumerate() {
        found.class(&cell.class, &format!("matrix[{row}].class"));
    }
    if desk.matrix.is_empty() {
        found.blank("matrix");
    } else if let Some((cause, loss, degree)) = uncovered(&desk.matrix) {
        let loss = loss.map_or("-".to_owned(), |loss| format!("{loss:?}"));
        let (zh, en) = (
            format!("矩阵没有覆盖 {cause:?}/{loss}/{degree:?}"),
            format!("the matrix has no row for {cause:?}/{loss}/{degree:?}"),
        );
        found.error("P208", "matrix", &zh, &en);
    }
}

fn uncovered(matrix: &[Cell]) -> Option<(Cause, Option<Loss>, Degree)> {
    let causes = [
        Cause::Regulator,
        Cause::Contract,
        Cause::Tender,
        Cause::Bank,
        Cause::InternalDelay,
        Cause::Unease,
    ];
    let losses = [None, Some(Loss::Deal), Some(Loss::Project), Some(Loss::Regulatory)];
    for cause in causes {
        for loss in losses {
            for degree in [Degree::Slight, Degree::Grave, Degree::Final] {
                let all: &[Loss] = loss.as_slice();
                if !matrix.iter().any(|cell| cell.fits(cause, all, degree)) {
                    return Some((cause, loss, degree));
                }
            }
        }
    }
    None
}

pub(super) fn surge(found: &mut Found<'_>) {
    let Some(surge) = &found.desk.surge else { return };
    for (row, class) in surge.frozen_classes.iter().enumerate() {
        found.class(class, &format!("surge.frozen_classes[{row}]"));
    }
    for (row, person) in surge.called_in.iter().enumerate() {
        if !found.scenario.people.iter().any(|known| known.id == *person) {
            found.stranger("P218", &format!("surge.called_in[{row}]"), person);
        }
    }
}

impl Cell {
    /// Whether what was found out fits this row; a degree fits from the stated one on.
    #[must_use]
    pub fn fits(&self, cause: Cause, losses: &[Loss], degree: Degree) -> bool {
        self.cause.is_none_or(|wanted| wanted == cause)
            && self.loss.is_none_or(|wanted| losses.contains(&wanted))
            && self.degree.is_none_or(|least| least <= degree)
    }
}
