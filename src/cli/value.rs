//! Values of single arguments. Must not know which argument they belong to.

use crate::app::service::role::{Permission, Role};
use crate::calendar::{Date, Moment, Zone};
use crate::model::cost::Weights;

/// A share such as `5%`, `0.5 %` or `2.25` (percent) in hundredths of a percent.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn basis_points(text: &str) -> Result<u32, String> {
    decimal(text.trim().trim_end_matches('%').trim(), 2)
        .ok_or_else(|| "expected a percentage such as 5% or 0.5% / 应为百分比，如 5%".to_owned())
}

/// A ratio such as `0.85`, `1.2` or `85%` in thousandths.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn permille(text: &str) -> Result<u32, String> {
    let text = text.trim();
    let read = match text.strip_suffix('%') {
        Some(percent) => decimal(percent.trim(), 1),
        None => decimal(text, 3),
    };
    read.ok_or_else(|| "expected a ratio such as 0.85 or 85% / 应为比率，如 0.85 或 85%".to_owned())
}

/// A share such as `0.85` or `85%` in thousandths: at most all.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn share(text: &str) -> Result<u32, String> {
    let told = permille(text)?;
    match told {
        0..=1_000 => Ok(told),
        _ => Err("expected at most 100 % / 不应超过 100%".to_owned()),
    }
}

/// Weights of urgency and client value such as `1:0.25`: 0 to 100 each, not both 0.
///
/// # Errors
/// What is wrong with them, in both languages.
pub(crate) fn weights(text: &str) -> Result<Weights, String> {
    let part = |text: &str| decimal(text.trim(), 3).filter(|weight| *weight <= 100_000);
    let read = text.split_once(':').and_then(|(urgency, value)| {
        Some(Weights { lambda_urgency: part(urgency)?, lambda_client_value: part(value)? })
    });
    let is_some = |weights: &Weights| weights.lambda_urgency.max(weights.lambda_client_value) > 0;
    read.filter(is_some).ok_or_else(|| {
        "expected weights of urgency and client value such as 1:0.25, up to 100 / \
         应为紧急与客户价值的权重，如 1:0.25，最大 100"
            .to_owned()
    })
}

/// An amount in yuan such as `500` or `99.50`, in fen.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn fen(text: &str) -> Result<i64, String> {
    decimal(text.trim().trim_start_matches('¥'), 2)
        .filter(|amount| *amount > 0)
        .map(i64::from)
        .ok_or_else(|| "expected yuan such as 500 or 99.50 / 应为金额（元），如 500".to_owned())
}

/// Seconds such as `5` or `0.5` in milliseconds: at least one, at most a day.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn milliseconds(text: &str) -> Result<u64, String> {
    let read = decimal(text.trim().trim_end_matches('s'), 3);
    read.filter(|time| (1..=86_400_000).contains(time))
        .map(u64::from)
        .ok_or_else(|| "expected seconds, 0.001 to 86400 / 应为秒数，0.001 至 86400".to_owned())
}

/// A span such as `90d`, `12h` or `30m` in milliseconds: at most ten years.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn span(text: &str) -> Result<i64, String> {
    let units = [('d', 86_400_000), ('h', 3_600_000), ('m', 60_000)];
    let read = units.into_iter().find_map(|(unit, length)| {
        let count = decimal(text.trim().strip_suffix(unit)?, 0)?;
        i64::from(count).checked_mul(length).filter(|span| *span <= 3_653 * 86_400_000)
    });
    read.ok_or_else(|| "expected a span such as 90d, 12h or 30m / 应为时长，如 90d、12h".to_owned())
}

/// A moment such as `2026-03-09T09:00+08:00` in milliseconds of UTC since 1970; in China's time
/// where it states no offset.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn moment(text: &str) -> Result<i64, String> {
    let read = Moment::parse(text.trim()).map(|moment| Zone::default().tick_from(moment));
    read.map(|tick| tick.0 * 60_000).map_err(|label| format!("{} / {}", label.en, label.zh))
}

/// A moment as it is written: one that names no zone is told where the firm is.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn written(text: &str) -> Result<Moment, String> {
    Moment::parse(text.trim()).map_err(|label| format!("{} / {}", label.en, label.zh))
}

/// A date such as `2026-03-09`.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text.trim()).map_err(|label| format!("{} / {}", label.en, label.zh))
}

/// A role by its name.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn role(text: &str) -> Result<Role, String> {
    Role::named(text.trim()).ok_or_else(|| {
        let names = Role::ALL.map(Role::name).join(", ");
        format!("expected a role / 应为角色：{names}")
    })
}

/// A permission by its name.
///
/// # Errors
/// What is wrong with it, in both languages.
pub(crate) fn permission(text: &str) -> Result<Permission, String> {
    Permission::named(text.trim()).ok_or_else(|| {
        let names = Permission::ALL.map(Permission::name).join(", ");
        format!("expected a permission / 应为权限：{names}")
    })
}

/// `text` × 10^`places`, when it is a plain decimal number with no more places than that.
fn decimal(text: &str, places: usize) -> Option<u32> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || fraction.len() > places || !digits(whole) || !digits(fraction) {
        return None;
    }
    format!("{whole}{fraction:0<places$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{basis_points, milliseconds, permille, share, span, weights};
    use crate::model::cost::Weights;

    #[test]
    fn shares_are_read_without_floats() {
        assert_eq!(basis_points("5%"), Ok(500));
        assert_eq!(basis_points("0.5 %"), Ok(50));
        assert_eq!(basis_points("2.25"), Ok(225));
        assert_eq!(permille("0.85"), Ok(850));
        assert_eq!(permille("120%"), Ok(1200));
        assert_eq!(permille("1"), Ok(1000));
        assert_eq!((share("100%"), share("120%").is_err()), (Ok(1000), true));
        assert_eq!(milliseconds("5"), Ok(5000));
        assert_eq!(milliseconds("0.25"), Ok(250));
    }

    #[test]
    fn weights_are_read_in_thousandths() {
        let read = |lambda_urgency, lambda_client_value| {
            Ok(Weights { lambda_urgency, lambda_client_value })
        };
        assert_eq!(weights("1:0.25"), read(1000, 250));
        assert_eq!(weights(" 0 : 100 "), read(0, 100_000));
        for text in ["", "1", "0:0", "1:", "-1:1", "1:100.001", "1:0.0001", "1:1:1"] {
            assert!(weights(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_share_is_refused() {
        for text in ["", "%", "-1", "1.234", "five", "1,5", ".5", "99999999999"] {
            assert!(basis_points(text).is_err(), "{text}");
        }
        assert!(permille("0.8555").is_err());
        assert_eq!((span("2h"), span("0d")), (Ok(7_200_000), Ok(0)));
        for text in ["", "h", "2", "-1d", "1.5h", "4294967295d"] {
            assert!(span(text).is_err(), "{text}");
        }
        assert!(milliseconds("0").is_err() && milliseconds("86401").is_err());
    }
}
