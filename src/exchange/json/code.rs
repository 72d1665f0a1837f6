//! The codes of issues of form. Stable: a code is never used for something else.

/// A code and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// Such as `J021`.
    pub code: &'static str,
    /// Its meaning in Chinese.
    pub zh: &'static str,
    /// Its meaning in English.
    pub en: &'static str,
}

const fn code(code: &'static str, zh: &'static str, en: &'static str) -> Code {
    Code { code, zh, en }
}

/// Every code that reading or upgrading a document can give, in order.
pub const CODES: &[Code] = &[
    code("J001", "不是 UTF-8 文本", "the text is not UTF-8"),
    code("J002", "文本太大", "the text is too large"),
    code("J003", "标点不对", "a punctuation mark is wrong or missing"),
    code("J004", "嵌套太深", "lists and objects are nested too deep"),
    code("J005", "文本为空或提前结束", "the text is empty or ends too early"),
    code("J006", "文档之后还有内容", "text follows the end of the document"),
    code("J007", "NaN 或 Infinity", "NaN or Infinity"),
    code("J008", "多余的末尾逗号", "a comma follows the last item"),
    code("J009", "注释", "a comment"),
    code("J010", "引号不对或缺少引号", "wrong quotes or none"),
    code("J011", "数字写法不对", "a number is malformed"),
    code("J012", "字符串内容不对", "a string is malformed"),
    code("J013", "字段重复", "a field appears twice in one object"),
    code("J014", "值太多", "the text holds too many values"),
    code("J020", "类型不对", "a value is of the wrong type"),
    code("J021", "缺少字段", "a field is missing"),
    code("J022", "未知字段", "a field is unknown"),
    code("J023", "不在允许值之列", "a value is none of those allowed"),
    code("J024", "数值超出范围", "a number is out of range"),
    code("J025", "应为整数", "a whole number is wanted"),
    code("J026", "数值过大，无法表示", "a number is too large to be represented"),
    code("J027", "文字长度不对", "a text is too short or too long"),
    code("J028", "项数不对", "a list or object has too few or too many items"),
    code("J029", "文字格式不对", "a text does not follow its format"),
    code("J030", "问题太多，未全部列出", "more problems than are listed"),
    code("J031", "不符合任何一种允许的形式", "a value fits none of its allowed forms"),
    code("J032", "无法解读", "the document cannot be decoded"),
    code("J033", "列表中有重复项", "a list holds the same item twice"),
    code("J040", "没有写明 format", "the document does not state its format"),
    code("J041", "未知的 format", "the format is unknown"),
    code("J042", "format 比本程序新", "the format is newer than this program"),
    code("J043", "新旧字段名并存", "a field stands under its old and its new name"),
    code("J044", "format 是旧版", "the format is an older one"),
];

#[cfg(test)]
mod tests {
    use super::CODES;

    #[test]
    fn the_table_in_the_documentation_is_this_list() {
        let rows = include_str!("mod.rs").lines().filter(|line| line.starts_with("//! | J"));
        let documented: Vec<&str> = rows.map(|row| &row[6..10]).collect();
        assert_eq!(documented, CODES.iter().map(|code| code.code).collect::<Vec<_>>());
    }
}
