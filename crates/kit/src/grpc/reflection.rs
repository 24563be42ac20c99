//! Server reflection: a client that has no `.proto` files asks for them.

use anyhow::Context;
use axum::Router;
use tonic_reflection::server::Builder;

use super::REQUEST_MAX_BYTES;

/// What the services named are made of, found in `descriptors` and in what describes health and reflection themselves. Open to everybody:
/// it tells no more than `proto/`. Clients that know only the older name of this protocol are answered as well.
///
/// # Errors
/// When the descriptors cannot be read.
pub fn reflection(services: &[&'static str], descriptors: &'static [u8]) -> anyhow::Result<Router> {
    const OWN: [&str; 3] =
        ["grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"];
    let builder = || {
        let builder = Builder::configure()
            .register_encoded_file_descriptor_set(descriptors)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_reflection::pb::v1::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_reflection::pb::v1alpha::FILE_DESCRIPTOR_SET)
            .include_reflection_service(false);
        services.iter().chain(&OWN).fold(builder, |builder, name| builder.with_service_name(*name))
    };
    let unreadable = "failed to read the descriptors of the gRPC services";
    let v1 = builder().build_v1().context(unreadable)?.max_decoding_message_size(REQUEST_MAX_BYTES);
    let older = builder().build_v1alpha().context(unreadable)?.max_decoding_message_size(REQUEST_MAX_BYTES);
    Ok(super::routes(v1).merge(super::routes(older)))
}
