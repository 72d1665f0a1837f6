//! The arguments that say what would be different.

use std::path::PathBuf;

use clap::Args;

/// What would be different.
#[derive(Debug, Args)]
pub struct WhatIf {
    /// Plan as things would be with these changes, and compare 假设文件：与现状对比
    #[arg(long, value_name = "CHANGES")]
    pub what_if: Option<PathBuf>,
    /// One more change, such as "skill person=wang skill=tax level=4" 再加一项改变
    #[arg(long, value_name = "CHANGE")]
    pub set: Vec<String>,
    /// Somebody more, such as "id=ma skill=tax:4 calendar=office" or "like=wang id=ma" 再加一人
    #[arg(long, value_name = "PERSON")]
    pub add_person: Vec<String>,
}
