//! A JSON Schema compiled for checking: references resolved, names sorted. Must not know the
//! document. A schema that uses a keyword not understood here is our bug and panics, so that no
//! rule of a type goes silently unchecked.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::calendar::Check;

/// The formats of texts that documents use, by the name their schema gives them.
#[derive(Clone, Debug, Default)]
pub struct Formats {
    checks: BTreeMap<&'static str, Check>,
}

impl Formats {
    /// The formats of `table`, such as [`crate::calendar::FORMATS`].
    #[must_use]
    pub fn new(table: &[(&'static str, Check)]) -> Formats {
        Formats { checks: table.iter().copied().collect() }
    }

    /// These formats and `name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, check: Check) -> Formats {
        self.checks.insert(name, check);
        self
    }
}

/// The position of a [`Rule`] in its [`Shape`].
pub(super) type RuleId = usize;

/// Everything a document of one type must be.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) rules: Vec<Rule>,
    pub(super) root: RuleId,
}

/// What one value must be.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) nullable: bool,
    pub(super) form: Form,
}

#[derive(Clone, Debug)]
pub(super) enum Form {
    /// Any value at all.
    Any,
    /// `null` only.
    Null,
    Flag,
    Integer {
        low: i128,
        high: i128,
    },
    /// A number with or without decimals.
    Number,
    Text(Text),
    List {
        items: RuleId,
        low: usize,
        high: usize,
        unique: bool,
    },
    Tuple(Vec<RuleId>),
    Object(Object),
    /// Objects told apart by the text in the field `tag`.
    Tagged {
        tag: String,
        variants: Vec<(String, RuleId)>,
    },
    /// One of several forms; there are at least two.
    Either(Vec<RuleId>),
    /// What another rule says.
    Same(RuleId),
}

#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) check: Option<Check>,
    /// Lengths in characters.
    pub(super) low: usize,
    pub(super) high: Option<usize>,
    /// The only texts allowed; empty when any is.
    pub(super) options: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Object {
    /// Sorted by name.
    pub(super) fields: Vec<Field>,
    pub(super) rest: Rest,
    pub(super) low: usize,
    pub(super) high: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) rule: RuleId,
    pub(super) required: bool,
}

/// What fields other than the named ones are.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rest {
    Ignored,
    Forbidden,
    Each(RuleId),
}

/// Keywords that say nothing about which documents are right.
const REMARKS: [&str; 13] = [
    "$schema",
    "$id",
    "$comment",
    "$defs",
    "title",
    "description",
    "default",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "enumDescriptions",
    "x-order",
];

impl Shape {
    /// Compiles `schema`, whose texts follow `formats`.
    ///
    /// # Panics
    /// If the schema uses a keyword or a format that is not known here.
    pub(super) fn new(schema: &Value, formats: &Formats) -> Shape {
        let mut compiler =
            Compiler { schema, formats, rules: Vec::new(), references: BTreeMap::new() };
        let root = compiler.add(schema);
        Shape { rules: compiler.rules, root }
    }
}

struct Compiler<'a> {
    schema: &'a Value,
    formats: &'a Formats,
    rules: Vec<Rule>,
    references: BTreeMap<String, RuleId>,
}

const ANY: Rule = Rule { nullable: true, form: Form::Any };
/// Stands for a rule still being compiled, which a type that contains itself may meet.
const PENDING: Rule = Rule { nullable: false, form: Form::Same(RuleId::MAX) };

impl Compiler<'_> {
    fn add(&mut self, schema: &Value) -> RuleId {
        if let Some(reference) = pure_reference(schema) {
            if let Some(rule) = self.references.get(reference) {
                return *rule;
            }
            let rule = self.reserve();
            self.references.insert(reference.to_owned(), rule);
            let target = self.target(reference).clone();
            self.rules[rule] = self.rule(&target);
            return rule;
        }
        let id = self.reserve();
        self.rules[id] = self.rule(schema);
        id
    }

    fn reserve(&mut self) -> RuleId {
        self.rules.push(PENDING);
        self.rules.len() - 1
    }

    fn target(&self, reference: &str) -> &Value {
        let pointer = reference.strip_prefix('#').expect("schemas refer to their own parts only");
        self.schema.pointer(pointer).expect("a schema defines what it refers to")
    }

    fn rule(&mut self, schema: &Value) -> Rule {
        let Value::Object(schema) = schema else {
            assert_eq!(schema, &Value::Bool(true), "no type has the schema `false`");
            return ANY;
        };
        let schema = self.without_reference(schema);
        for choice in ["oneOf", "anyOf"] {
            if let Some(Value::Array(alternatives)) = schema.get(choice) {
                let mut base = schema.clone();
                base.remove(choice);
                return self.choice(&base, alternatives);
            }
        }
        let options = options(&schema);
        let (name, nullable) = type_name(&schema, &options);
        let form = match name {
            "null" => Form::Null,
            "boolean" => Form::Flag,
            "integer" => integer(&schema),
            "number" => Form::Number,
            "string" => Form::Text(self.text(&schema, options)),
            "array" => self.list(&schema),
            "object" => Form::Object(self.object(&schema)),
            "" => Form::Any,
            other => panic!("the type {other} is not known to the reader of documents"),
        };
        known_keywords(&schema, name);
        Rule { nullable, form }
    }

    /// `schema` with what it refers to spliced in.
    fn without_reference(&self, schema: &Map<String, Value>) -> Map<String, Value> {
        let mut schema = schema.clone();
        while let Some(Value::String(reference)) = schema.remove("$ref") {
            let target = self.target(&reference).as_object();
            schema = merged(target.expect("a definition is an object"), &schema);
        }
        if let Some(Value::Array(parts)) = schema.remove("allOf") {
            for part in parts {
                let part = self.without_reference(part.as_object().expect("a part is an object"));
                schema = merged(&schema, &part);
            }
        }
        schema
    }

    fn choice(&mut self, base: &Map<String, Value>, alternatives: &[Value]) -> Rule {
        let (mut texts, mut others, mut nullable) = (Text::default(), Vec::new(), false);
        for alternative in alternatives {
            let whole = match (alternative, base.keys().all(|key| is_remark(key))) {
                (Value::Object(own), false) => Value::Object(merged(base, own)),
                _ => alternative.clone(),
            };
            let id = self.add(&whole);
            let rule = &self.rules[id];
            nullable |= rule.nullable;
            match &rule.form {
                Form::Null => nullable = true,
                Form::Text(text) if !text.options.is_empty() => {
                    texts.options.extend(text.options.iter().cloned());
                }
                _ => others.push(id),
            }
        }
        if !texts.options.is_empty() {
            let id = self.reserve();
            self.rules[id] = Rule { nullable: false, form: Form::Text(texts) };
            others.insert(0, id);
        }
        let form = match others.as_slice() {
            [] => Form::Null,
            [only] => Form::Same(*only),
            _ => self.tagged(&others).unwrap_or(Form::Either(others)),
        };
        Rule { nullable, form }
    }

    /// The alternatives as objects told apart by a required field with one allowed text.
    fn tagged(&self, alternatives: &[RuleId]) -> Option<Form> {
        let Form::Object(first) = &self.rules[alternatives[0]].form else { return None };
        first.fields.iter().find_map(|field| {
            let variant = |id: &RuleId| {
                let Form::Object(object) = &self.rules[*id].form else { return None };
                let field =
                    object.fields.iter().find(|own| own.name == field.name && own.required)?;
                let Form::Text(text) = &self.rules[field.rule].form else { return None };
                let [option] = text.options.as_slice() else { return None };
                Some((option.clone(), *id))
            };
            let variants = alternatives.iter().map(variant).collect::<Option<Vec<_>>>()?;
            Some(Form::Tagged { tag: field.name.clone(), variants })
        })
    }

    fn text(&self, schema: &Map<String, Value>, options: Vec<String>) -> Text {
        let check = schema.get("format").and_then(Value::as_str).map(|format| {
            let check = self.formats.checks.get(format);
            *check.unwrap_or_else(|| panic!("the format {format} is not among those given"))
        });
        let low = size(schema, "minLength").unwrap_or(0);
        Text { check, low, high: size(schema, "maxLength"), options }
    }

    fn list(&mut self, schema: &Map<String, Value>) -> Form {
        if let Some(Value::Array(items)) = schema.get("prefixItems") {
            return Form::Tuple(items.iter().map(|item| self.add(item)).collect());
        }
        Form::List {
            items: self.add(schema.get("items").unwrap_or(&Value::Bool(true))),
            low: size(schema, "minItems").unwrap_or(0),
            high: size(schema, "maxItems").unwrap_or(usize::MAX),
            unique: schema.get("uniqueItems") == Some(&Value::Bool(true)),
        }
    }

    fn object(&mut self, schema: &Map<String, Value>) -> Object {
        let required = schema.get("required").and_then(Value::as_array);
        let is_required = |name: &str| required.is_some_and(|all| all.iter().any(|it| it == name));
        let mut fields = Vec::new();
        if let Some(Value::Object(properties)) = schema.get("properties") {
            for (name, property) in properties {
                let rule = self.add(property);
                fields.push(Field { name: name.clone(), rule, required: is_required(name) });
            }
        }
        fields.sort_by(|left, right| left.name.cmp(&right.name));
        let rest = schema.get("additionalProperties").or(schema.get("unevaluatedProperties"));
        let rest = match rest {
            None | Some(Value::Bool(true)) => Rest::Ignored,
            Some(Value::Bool(false)) => Rest::Forbidden,
            Some(each) => Rest::Each(self.add(each)),
        };
        let low = size(schema, "minProperties").unwrap_or(0);
        let high = size(schema, "maxProperties").unwrap_or(usize::MAX);
        Object { fields, rest, low, high }
    }
}

/// The reference that is all `schema` says, remarks apart.
fn pure_reference(schema: &Value) -> Option<&str> {
    let schema = schema.as_object()?;
    let reference = schema.get("$ref")?.as_str()?;
    schema.keys().all(|key| key == "$ref" || is_remark(key)).then_some(reference)
}

fn is_remark(keyword: &str) -> bool {
    REMARKS.contains(&keyword) || keyword.starts_with("x-")
}

/// Both schemas at once: the narrower limit of numbers, the fields of both, else what `upper` says.
fn merged(lower: &Map<String, Value>, upper: &Map<String, Value>) -> Map<String, Value> {
    let mut both = lower.clone();
    for (keyword, value) in upper {
        match (both.get_mut(keyword), value) {
            (Some(Value::Object(old)), Value::Object(new)) if keyword == "properties" => {
                old.extend(new.clone());
            }
            (Some(Value::Array(old)), Value::Array(new)) if keyword == "required" => {
                old.extend(new.clone());
            }
            (Some(old), new) if keyword == "minimum" || keyword == "maximum" => {
                let lower_wins = (old.as_i64() > new.as_i64()) == (keyword == "minimum");
                if !lower_wins {
                    *old = new.clone();
                }
            }
            _ => {
                both.insert(keyword.clone(), value.clone());
            }
        }
    }
    both
}

fn options(schema: &Map<String, Value>) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("only texts are enumerated").to_owned();
    match (schema.get("const"), schema.get("enum")) {
        (Some(only), _) => vec![text(only)],
        (None, Some(Value::Array(all))) => {
            all.iter().filter(|value| !value.is_null()).map(text).collect()
        }
        _ => Vec::new(),
    }
}

/// The one type `schema` names beside null, and whether it names null.
fn type_name<'a>(schema: &'a Map<String, Value>, options: &[String]) -> (&'a str, bool) {
    match schema.get("type") {
        Some(Value::String(name)) => (name, name == "null"),
        Some(Value::Array(names)) => {
            let mut names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
            let count = names.len();
            names.retain(|name| *name != "null");
            assert!(names.len() == 1, "a schema names one type beside null, not {names:?}");
            (names[0], count > 1)
        }
        _ if !options.is_empty() => ("string", false),
        _ if schema.contains_key("properties") => ("object", false),
        _ => ("", true),
    }
}

fn size(schema: &Map<String, Value>, keyword: &str) -> Option<usize> {
    let value = schema.get(keyword)?;
    Some(value.as_u64().and_then(|size| usize::try_from(size).ok()).expect("sizes are small"))
}

fn integer(schema: &Map<String, Value>) -> Form {
    let bound = |keyword: &str| {
        let value = schema.get(keyword)?;
        let whole = value.to_string();
        Some(whole.strip_suffix(".0").unwrap_or(&whole).parse().expect("limits are whole"))
    };
    let (low, high) = match schema.get("format").and_then(Value::as_str) {
        Some("int8") => (i8::MIN.into(), i8::MAX.into()),
        Some("uint8") => (0, u8::MAX.into()),
        Some("int16") => (i16::MIN.into(), i16::MAX.into()),
        Some("uint16") => (0, u16::MAX.into()),
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("uint32") => (0, u32::MAX.into()),
        Some("uint64" | "uint") => (0, u64::MAX.into()),
        None | Some("int64" | "int") => (i64::MIN.into(), i64::MAX.into()),
        Some(other) => panic!("the integer format {other} is not known"),
    };
    Form::Integer {
        low: bound("minimum").unwrap_or(low).max(low),
        high: bound("maximum").unwrap_or(high).min(high),
    }
}

/// Panics unless every keyword of `schema` is understood for values of this type.
fn known_keywords(schema: &Map<String, Value>, name: &str) {
    let known: &[&str] = match name {
        "integer" => &["format", "minimum", "maximum"],
        "number" => &["format"],
        "string" => &["format", "minLength", "maxLength"],
        "array" => &["items", "minItems", "maxItems", "uniqueItems", "prefixItems"],
        "object" => &[
            "properties",
            "required",
            "additionalProperties",
            "unevaluatedProperties",
            "minProperties",
            "maxProperties",
        ],
        _ => &[],
    };
    for keyword in schema.keys() {
        let general = ["type", "enum", "const"].contains(&keyword.as_str());
        let is_known = general || is_remark(keyword) || known.contains(&keyword.as_str());
        assert!(
            is_known,
            "the keyword {keyword} of {name} is not known to the reader of documents"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::{Formats, Shape};
    use serde_json::json;

    #[test]
    #[should_panic(expected = "the keyword pattern of string is not known")]
    fn a_rule_that_would_go_unchecked_is_our_bug() {
        Shape::new(&json!({"type": "string", "pattern": "^a$"}), &Formats::default());
    }

    #[test]
    #[should_panic(expected = "the format colour is not among those given")]
    fn a_format_without_a_check_is_our_bug() {
        Shape::new(&json!({"type": "string", "format": "colour"}), &Formats::default());
    }
}
