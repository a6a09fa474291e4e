//! Writes a module again so that it compresses better: similar functions side by side, only the
//! types that are used, and each number as short as it can be. What the module does stays the same.
//!
//! The splitter leaves every chunk all types of the program, and five bytes for each index.

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, ExportSection, FunctionSection,
    GlobalSection, ImportSection, MemorySection, Module, StartSection, TableSection, TypeSection,
};
use wasmparser::{
    BinaryReaderError, BlockType, FuncType, FunctionBody, Operator, Parser, Payload, TypeRef,
};

use crate::order;

/// A module without custom sections, as small as this can make it. A module with features that
/// neither Rust nor the splitter uses is an error.
pub fn pack(wasm: &[u8]) -> Result<Vec<u8>, String> {
    let parts = Parts::read(wasm).map_err(|error| error.to_string())?;
    let order = order::by_likeness(&parts.bodies).map_err(|error| error.to_string())?;
    let types = parts.types_by_use().map_err(|error| error.to_string())?;
    write(wasm, &parts, &order, &types).map_err(|error| error.to_string())
}

/// The parts of a module that the new order depends on.
#[derive(Default)]
struct Parts<'a> {
    types: Vec<FuncType>,
    /// The type of each function, the imported ones first.
    functions: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
}

impl<'a> Parts<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self, BinaryReaderError> {
        let mut parts = Self::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload? {
                Payload::TypeSection(section) => {
                    let types = section.into_iter_err_on_gc_types();
                    parts.types = types.collect::<Result<_, _>>()?;
                }
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        if let TypeRef::Func(index) = import?.ty {
                            parts.functions.push(index);
                        }
                    }
                }
                Payload::FunctionSection(section) => {
                    for index in section {
                        parts.functions.push(index?);
                    }
                }
                Payload::CodeSectionEntry(body) => parts.bodies.push(body),
                _ => {}
            }
        }
        Ok(parts)
    }

    /// The types that are used, the most frequent ones first: a low index is a short one.
    fn types_by_use(&self) -> Result<Vec<usize>, BinaryReaderError> {
        let mut uses = vec![0_usize; self.types.len()];
        let mut count = |index: u32| {
            if let Some(uses) = uses.get_mut(index as usize) {
                *uses += 1;
            }
        };
        self.functions.iter().copied().for_each(&mut count);
        for body in &self.bodies {
            for operator in body.get_operators_reader()? {
                match operator? {
                    Operator::CallIndirect { type_index: index, .. }
                    | Operator::Block { blockty: BlockType::FuncType(index) }
                    | Operator::Loop { blockty: BlockType::FuncType(index) }
                    | Operator::If { blockty: BlockType::FuncType(index) } => count(index),
                    _ => {}
                }
            }
        }
        let mut kept: Vec<usize> = (0..uses.len()).filter(|index| uses[*index] > 0).collect();
        kept.sort_by_key(|index| std::cmp::Reverse(uses[*index]));
        Ok(kept)
    }
}

/// Where each function and type of the old module is in the new one.
struct Places {
    functions: Vec<u32>,
    types: Vec<Option<u32>>,
}

impl Reencode for Places {
    type Error = String;

    fn function_index(&mut self, index: u32) -> Result<u32, reencode::Error<String>> {
        let place = self.functions.get(index as usize).copied();
        place.ok_or_else(|| reencode::Error::UserError(format!("there is no function {index}")))
    }

    fn type_index(&mut self, index: u32) -> Result<u32, reencode::Error<String>> {
        let place = self.types.get(index as usize).copied().flatten();
        place.ok_or_else(|| reencode::Error::UserError(format!("the type {index} is not used")))
    }
}

impl Places {
    fn new(parts: &Parts, order: &[usize], types: &[usize]) -> Self {
        let imported = parts.functions.len() - parts.bodies.len();
        let mut functions: Vec<u32> = (0..).take(parts.functions.len()).collect();
        let places: Vec<u32> = functions[imported..].to_vec();
        for (place, index) in places.into_iter().zip(order) {
            functions[imported + index] = place;
        }
        let mut kept = vec![None; parts.types.len()];
        for (place, index) in (0..).zip(types) {
            kept[*index] = Some(place);
        }
        Self { functions, types: kept }
    }
}

/// Encodes a section by the method of [`Reencode`] for its kind.
macro_rules! encode {
    ($module:ident, $places:ident.$parse:ident, $kind:ty, $section:expr) => {{
        let mut section = <$kind>::new();
        $places.$parse(&mut section, $section)?;
        $module.section(&section);
    }};
}

fn write(
    wasm: &[u8],
    parts: &Parts,
    order: &[usize],
    types: &[usize],
) -> Result<Vec<u8>, reencode::Error<String>> {
    let mut places = Places::new(parts, order, types);
    let imported = parts.functions.len() - parts.bodies.len();
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::TypeSection(_) => {
                let mut section = TypeSection::new();
                for index in types {
                    let kind = places.func_type(parts.types[*index].clone())?;
                    section.ty().func_type(&kind);
                }
                module.section(&section);
            }
            Payload::ImportSection(it) => {
                encode!(module, places.parse_import_section, ImportSection, it);
            }
            Payload::FunctionSection(_) => {
                let mut section = FunctionSection::new();
                for index in order {
                    section.function(places.type_index(parts.functions[imported + index])?);
                }
                module.section(&section);
            }
            Payload::TableSection(it) => {
                encode!(module, places.parse_table_section, TableSection, it);
            }
            Payload::MemorySection(it) => {
                encode!(module, places.parse_memory_section, MemorySection, it);
            }
            Payload::GlobalSection(it) => {
                encode!(module, places.parse_global_section, GlobalSection, it);
            }
            Payload::ExportSection(it) => {
                encode!(module, places.parse_export_section, ExportSection, it);
            }
            Payload::StartSection { func, .. } => {
                let function_index = places.function_index(func)?;
                module.section(&StartSection { function_index });
            }
            Payload::ElementSection(it) => {
                encode!(module, places.parse_element_section, ElementSection, it);
            }
            Payload::DataCountSection { count, .. } => {
                module.section(&DataCountSection { count });
            }
            Payload::CodeSectionStart { .. } => {
                let mut section = CodeSection::new();
                for index in order {
                    places.parse_function_body(&mut section, parts.bodies[*index].clone())?;
                }
                module.section(&section);
            }
            Payload::DataSection(it) => {
                encode!(module, places.parse_data_section, DataSection, it);
            }
            // The bodies are in `parts`; custom sections are for debuggers.
            _ => {}
        }
    }
    Ok(module.finish())
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{EntityType, ExportKind, Function, ValType};
    use wasmparser::Validator;

    use super::*;

    /// A module with an imported function, three functions of which the first and the last are
    /// alike, a type that nothing uses, and a custom section.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([ValType::F64], []);
        types.ty().function([ValType::I32], [ValType::I32]);
        types.ty().function([], [ValType::I64]);
        let mut imports = ImportSection::new();
        imports.import("a", "b", EntityType::Function(1));
        let mut functions = FunctionSection::new();
        for kind in [1, 2, 1] {
            functions.function(kind);
        }
        let mut exports = ExportSection::new();
        for (name, index) in [("first", 1), ("second", 2), ("third", 3)] {
            exports.export(name, ExportKind::Func, index);
        }
        let mut code = CodeSection::new();
        for (kind, addend) in [(1, 2), (2, 0), (1, 3)] {
            let mut function = Function::new([]);
            let mut body = function.instructions();
            match kind {
                1 => body.local_get(0).i32_const(addend).i32_add().call(0).i32_const(9).i32_mul(),
                _ => body.i64_const(7).i64_const(8).i64_add(),
            };
            body.end();
            code.function(&function);
        }
        let mut module = Module::new();
        module.section(&types).section(&imports).section(&functions).section(&exports);
        module.section(&code);
        module.section(&wasm_encoder::CustomSection { name: "n".into(), data: (&[1; 99]).into() });
        module.finish()
    }

    /// The body of each exported function, by its name.
    fn bodies(wasm: &[u8]) -> Vec<(String, Vec<String>)> {
        let parts = Parts::read(wasm).unwrap();
        let mut found = vec![];
        for payload in Parser::new(0).parse_all(wasm) {
            let Payload::ExportSection(exports) = payload.unwrap() else { continue };
            for export in exports {
                let export = export.unwrap();
                let body = &parts.bodies[export.index as usize - 1];
                let operators = body.get_operators_reader().unwrap().into_iter();
                let text = operators.map(|it| format!("{:?}", it.unwrap())).collect();
                found.push((export.name.to_owned(), text));
            }
        }
        found
    }

    #[test]
    fn similar_functions_become_neighbours_and_keep_their_names() {
        let wasm = module();
        let packed = pack(&wasm).unwrap();
        Validator::new().validate_all(&packed).unwrap();
        assert_eq!(bodies(&packed), bodies(&wasm));
        let order = order::by_likeness(&Parts::read(&wasm).unwrap().bodies).unwrap();
        assert_eq!(order, [0, 2, 1]);
        assert_eq!(Parts::read(&packed).unwrap().functions, [0, 0, 0, 1]);
    }

    #[test]
    fn unused_types_and_custom_sections_are_gone() {
        let wasm = module();
        let packed = pack(&wasm).unwrap();
        assert_eq!(Parts::read(&packed).unwrap().types.len(), 2);
        assert!(packed.len() + 99 < wasm.len());
        assert_eq!(pack(&packed).unwrap(), packed, "nothing is left to do");
    }

    #[test]
    fn what_is_not_wasm_is_refused() {
        let wasm = module();
        for length in 0..8 {
            assert!(pack(&wasm[..length]).is_err(), "{length}");
        }
        assert!(pack(&wasm[..wasm.len() / 2]).is_err());
    }
}
