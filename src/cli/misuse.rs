//! Arguments that make no sense, as people read them: in Chinese where that is spoken, else as the
//! parser of arguments says it. Must not know what commands do.

use std::env;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use super::args::Language;
use super::{language, screen};
use crate::model::lang::Lang;

/// Tells what is wrong with the arguments, or the help that was asked for.
pub(super) fn told(error: &Error) -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let said = match language::chosen(asked(&arguments)) {
        Lang::Zh => chinese(error),
        Lang::En => None,
    };
    match said {
        Some(said) => screen::tell(&said),
        // A stream nobody listens to is no fault.
        None => drop(error.print()),
    }
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// The language asked for, looked up by hand since the arguments could not be read.
fn asked(arguments: &[String]) -> Option<Language> {
    let named = arguments.iter().enumerate().find_map(|(row, argument)| {
        argument.strip_prefix("--lang=").or_else(|| {
            (argument == "--lang").then(|| arguments.get(row + 1).map(String::as_str)).flatten()
        })
    });
    match named {
        Some("zh") => Some(Language::Zh),
        Some("en") => Some(Language::En),
        _ => None,
    }
}

/// The common faults in Chinese; nothing for help, the version and what is rare.
fn chinese(error: &Error) -> Option<String> {
    let said = |kind| error.get(kind).map(shown).unwrap_or_default();
    let argument = said(ContextKind::InvalidArg);
    let sentence = match error.kind() {
        ErrorKind::MissingRequiredArgument => format!("缺少参数：{argument}"),
        ErrorKind::UnknownArgument => format!("没有参数“{argument}”"),
        ErrorKind::InvalidSubcommand => {
            format!("没有命令“{}”", said(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidValue if said(ContextKind::InvalidValue).is_empty() => {
            format!("参数 {argument} 缺少值")
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("参数 {argument} 的值“{}”不对{}", said(ContextKind::InvalidValue), why(error))
        }
        ErrorKind::ArgumentConflict => {
            format!("参数 {argument} 不能与 {} 同用", said(ContextKind::PriorArg))
        }
        ErrorKind::MissingSubcommand => "缺少命令".to_owned(),
        ErrorKind::TooManyValues => format!("参数 {argument} 的值太多"),
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("参数 {argument} 的值的个数不对")
        }
        _ => return None,
    };
    let mut text = format!("paidan: 错误：{sentence}\n");
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand] {
        if error.get(kind).is_some() {
            text += &format!("  提示：是不是“{}”？\n", said(kind));
        }
    }
    if error.get(ContextKind::SuggestedValue).is_some() {
        text += &format!("  提示：是不是“{}”？\n", said(ContextKind::SuggestedValue));
    }
    let valid = [ContextKind::ValidValue, ContextKind::ValidSubcommand];
    for kind in valid.into_iter().filter(|kind| error.get(*kind).is_some()) {
        text += &format!("  可用：{}\n", said(kind));
    }
    Some(text + "  用法见 paidan --help\n")
}

/// What the check of a value said; its sentences hold the Chinese behind a stroke.
fn why(error: &Error) -> String {
    let source = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match source.split_once(" / ") {
        Some((_, chinese)) => format!("：{chinese}"),
        None if source.is_empty() => String::new(),
        None => match source.rsplit_once(" in ") {
            Some((_, range)) => format!("：应在 {range} 之内"),
            None => "：应为整数".to_owned(),
        },
    }
}

fn shown(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(all) => all.join("、"),
        ContextValue::String(one) => one.clone(),
        other => other.to_string(),
    }
}
