//! Which language to speak: what was asked for, else what the environment says.

use std::env;

use super::args::Language;
use crate::model::lang::Lang;

/// The variables that name a language, the strongest first.
const VARIABLES: [&str; 3] = ["LC_ALL", "LC_MESSAGES", "LANG"];

/// The language to speak.
pub(crate) fn chosen(asked: Option<Language>) -> Lang {
    match asked {
        Some(Language::Zh) => Lang::Zh,
        Some(Language::En) => Lang::En,
        None => {
            let set = VARIABLES.iter().filter_map(|name| env::var(name).ok());
            of_locale(set.into_iter().find(|value| !value.is_empty()).as_deref())
        }
    }
}

/// The language of a locale such as `zh_CN.UTF-8`; English when it is another or none.
fn of_locale(locale: Option<&str>) -> Lang {
    if locale.is_some_and(|locale| locale.starts_with("zh")) { Lang::Zh } else { Lang::En }
}

#[cfg(test)]
mod tests {
    use super::of_locale;
    use crate::model::lang::Lang;

    #[test]
    fn chinese_locales_speak_chinese_and_all_others_english() {
        assert_eq!(of_locale(Some("zh_CN.UTF-8")), Lang::Zh);
        assert_eq!(of_locale(Some("de_DE.UTF-8")), Lang::En);
        assert_eq!(of_locale(Some("C")), Lang::En);
        assert_eq!(of_locale(None), Lang::En);
    }
}
