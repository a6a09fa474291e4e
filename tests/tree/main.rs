//! The repository itself: the order of the layers, the size of files, and documents that match the
//! code.
#![cfg(not(target_arch = "wasm32"))]

mod documents;
mod drafts;
mod imports;
mod layers;
mod parameters;
mod repository;
mod requirements;
mod rust;
mod scripts;
mod sizes;
mod stylesheets;
