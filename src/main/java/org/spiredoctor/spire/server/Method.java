package org.spiredoctor.spire.server;

import com.google.protobuf.CodedInputStream;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The methods of the server's API that are called. */
enum Method {
  LIST_ENTRIES("spire.api.server.entry.v1.Entry", "ListEntries"),
  GET_ENTRY("spire.api.server.entry.v1.Entry", "GetEntry"),
  CREATE_ENTRIES("spire.api.server.entry.v1.Entry", "BatchCreateEntry"),
  UPDATE_ENTRIES("spire.api.server.entry.v1.Entry", "BatchUpdateEntry"),
  DELETE_ENTRIES("spire.api.server.entry.v1.Entry", "BatchDeleteEntry"),
  LIST_AGENTS("spire.api.server.agent.v1.Agent", "ListAgents"),
  GET_BUNDLE("spire.api.server.bundle.v1.Bundle", "GetBundle"),
  LIST_FEDERATED_BUNDLES("spire.api.server.bundle.v1.Bundle", "ListFederatedBundles"),
  LIST_FEDERATION_RELATIONSHIPS(
      "spire.api.server.trustdomain.v1.TrustDomain", "ListFederationRelationships"),
  GET_INFO("spire.api.server.debug.v1.Debug", "GetInfo"),
  CHECK_HEALTH("grpc.health.v1.Health", "Check");

  private final String service;
  private final String method;

  Method(String service, String method) {
    this.service = service;
    this.method = method;
  }

  /** Reads an answer. */
  interface Reader<T> {
    T read(CodedInputStream message) throws IOException;
  }

  /** For gRPC: the question is a message already, the answer is read as it comes. */
  <T> MethodDescriptor<byte[], T> answeredBy(Reader<T> reader) {
    return MethodDescriptor.<byte[], T>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(service, method))
        .setRequestMarshaller(
            new MethodDescriptor.Marshaller<>() {
              @Override
              public InputStream stream(byte[] question) {
                return new ByteArrayInputStream(question);
              }

              @Override
              public byte[] parse(InputStream question) {
                throw new UnsupportedOperationException("a client is asked nothing");
              }
            })
        .setResponseMarshaller(
            new MethodDescriptor.Marshaller<>() {
              @Override
              public InputStream stream(T answer) {
                throw new UnsupportedOperationException("a client sends no answers");
              }

              @Override
              public T parse(InputStream answer) {
                try {
                  return reader.read(CodedInputStream.newInstance(answer));
                } catch (IOException e) {
                  throw Status.INTERNAL
                      .withDescription("the answer is no message of SPIRE's API: " + e.getMessage())
                      .asRuntimeException();
                }
              }
            })
        .build();
  }

  @Override
  public String toString() {
    return method;
  }
}
