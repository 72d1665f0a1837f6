//! The codes of issues of policies and prices. Stable: a code is never used for something else.

/// A code and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// Such as `P101`.
    pub code: &'static str,
    /// Its meaning in Chinese.
    pub zh: &'static str,
    /// Its meaning in English.
    pub en: &'static str,
}

const fn code(code: &'static str, zh: &'static str, en: &'static str) -> Code {
    Code { code, zh, en }
}

/// Every code that checking a policy or quoting by it can give, in order: P1 policies and prices,
/// Q1 requests.
pub const CODES: &[Code] = &[
    code("P101", "没有规定报价的有效期", "how long a quote holds is not stated"),
    code("P102", "没有这个服务", "a service that is not there"),
    code("P103", "一个服务有两行价目", "a service has two rows of the rate card"),
    code("P104", "加急费下限高于上限", "a surcharge's floor is above its ceiling"),
    code("P105", "替代服务也越线", "the lawful alternative crosses the red line, too"),
    code("P106", "红线没有条件", "a red line has no condition"),
    code("P107", "服务没有价目", "a service has no row on the rate card"),
    code("P108", "工单没有写服务", "a ticket to be priced names no service"),
    code("Q101", "工单已开始或冻结", "a ticket to be changed is under way or frozen"),
    code("Q102", "其他工单依赖该工单", "other tickets depend on a ticket to be changed"),
];

#[cfg(test)]
mod tests {
    use super::CODES;
    use std::collections::BTreeSet;

    #[test]
    fn the_table_in_the_documentation_is_this_list() {
        let rows = include_str!("mod.rs").lines();
        let rows = rows.filter(|line| line.starts_with("//! | P") || line.starts_with("//! | Q"));
        let documented: Vec<&str> = rows.map(|row| &row[6..10]).collect();
        assert_eq!(documented, CODES.iter().map(|code| code.code).collect::<Vec<_>>());
    }

    #[test]
    fn every_code_that_is_given_is_listed_and_every_one_listed_is_given() {
        let sources = [
            include_str!("check.rs"),
            include_str!("../quote/mod.rs"),
            include_str!("../quote/guest.rs"),
            include_str!("../quote/option.rs"),
        ];
        let words = sources.iter().flat_map(|source| source.split('"'));
        let is_code = |word: &&str| {
            word.len() == 4
                && word.starts_with(['P', 'Q'])
                && word[1..].bytes().all(|byte| byte.is_ascii_digit())
        };
        let given: BTreeSet<&str> = words.filter(is_code).collect();
        assert_eq!(given, CODES.iter().map(|code| code.code).collect());
    }
}
