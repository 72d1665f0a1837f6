//! The trade-off between urgency and client value for people to read: a table with sentences, and
//! a curve. Must not know how it was found.

mod chart;
mod place;
mod table;

use crate::model::cost::Weights;
use crate::model::front::{Front, FrontPoint, PointStanding};

pub use chart::chart;
pub use table::table;

/// The points worth looking at, numbered from 1: those on the front, and that of the policy.
fn shown(front: &Front) -> Vec<(usize, &FrontPoint)> {
    let points = front.points.iter();
    let is_shown =
        |point: &&FrontPoint| point.is_policy || point.standing == PointStanding::OnFront;
    (1..).zip(points.filter(is_shown)).collect()
}

/// Weights as people write them: `1 : 0.25`.
#[must_use]
pub fn ratio(weights: Weights) -> String {
    format!("{} : {}", decimal(weights.lambda_urgency), decimal(weights.lambda_client_value))
}

/// Thousandths as a decimal number without idle noughts.
fn decimal(thousandths: u32) -> String {
    let (whole, part) = (thousandths / 1000, thousandths % 1000);
    if part == 0 {
        return whole.to_string();
    }
    format!("{whole}.{part:03}").trim_end_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::ratio;
    use crate::model::cost::Weights;

    #[test]
    fn weights_are_shown_without_idle_noughts() {
        let shown = |lambda_urgency, lambda_client_value| {
            ratio(Weights { lambda_urgency, lambda_client_value })
        };
        assert_eq!(shown(1000, 250), "1 : 0.25");
        assert_eq!(shown(1, 10_000), "0.001 : 10");
        assert_eq!(shown(0, 1500), "0 : 1.5");
    }
}
