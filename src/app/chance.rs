//! The door to chance that nobody can foresee: for keys, tokens and salts, never for plans.

use super::Failure;
use crate::calendar::Label;

/// `N` bytes from the system's source of chance.
///
/// # Errors
/// [`Failure::Outside`] when the system has none to give.
pub fn bytes<const N: usize>() -> Result<[u8; N], Failure> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        Failure::Outside(Label::new(
            format!("系统无法提供随机数：{error}"),
            format!("the system has no random numbers to give: {error}"),
        ))
    })?;
    Ok(bytes)
}
