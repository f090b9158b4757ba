package org.spiredoctor.program;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * What the rows of docs/kubeconfig.md are shown with: a service account {@code apps/rows} that may
 * impersonate users and nothing else, a group {@code rows-viewers} that sees all pods, and client
 * certificates.
 */
final class KubeconfigRows {
  /** Who {@link #token} is. */
  static final String ACCOUNT = "system:serviceaccount:apps:rows";

  private static final String OBJECTS =
      """
      apiVersion: v1
      kind: ServiceAccount
      metadata: {name: rows, namespace: apps}
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRole
      metadata: {name: rows}
      rules: [{apiGroups: [""], resources: [users, groups], verbs: [impersonate]}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: rows}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: rows}
      subjects: [{kind: ServiceAccount, name: rows, namespace: apps}]
      ---
      apiVersion: rbac.authorization.k8s.io/v1
      kind: ClusterRoleBinding
      metadata: {name: rows-viewers}
      roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
      subjects: [{apiGroup: rbac.authorization.k8s.io, kind: Group, name: rows-viewers}]
      """;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final RealCluster cluster;
  private final Path directory;
  private final String server;
  private final String authority;
  private final String admin;
  private final String token;

  private KubeconfigRows(RealCluster cluster, Path directory) throws IOException {
    this.cluster = cluster;
    this.directory = directory;
    JsonNode config =
        MAPPER.readTree(cluster.sh("kubectl config view --raw --flatten --minify -o json"));
    JsonNode here = config.at("/clusters/0/cluster");
    this.server = here.path("server").asText();
    this.authority = here.path("certificate-authority-data").asText();
    String user = config.at("/users/0/user").toString();
    this.admin = user.substring(1, user.length() - 1);
    cluster.apply(OBJECTS);
    this.token = cluster.sh("kubectl -n apps create token rows").strip();
  }

  static KubeconfigRows make(RealCluster cluster, Path directory) throws IOException {
    return new KubeconfigRows(cluster, directory);
  }

  void remove() {
    cluster.sh(
        """
        kubectl delete clusterrolebinding/rows clusterrolebinding/rows-viewers clusterrole/rows
        kubectl -n apps delete serviceaccount/rows
        """);
  }

  /** The address of the API server. */
  String server() {
    return server;
  }

  InetSocketAddress address() {
    URI uri = URI.create(server);
    return new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? 443 : uri.getPort());
  }

  /** The authorities of the API server, in PEM. */
  byte[] authority() {
    return Base64.getDecoder().decode(authority);
  }

  /** The fields of a cluster that has another address. */
  String at(String address) {
    return "server: \"" + address + "\", certificate-authority-data: " + authority;
  }

  /** The fields of the cluster. */
  String here() {
    return at(server);
  }

  /** The fields of a user with all permissions. */
  String admin() {
    return admin;
  }

  /** Of {@link #ACCOUNT}. */
  String token() {
    return token;
  }

  /** A kubeconfig of these fields, with more in its context. */
  String yaml(String clusterFields, String userFields, String contextFields) {
    return """
        apiVersion: v1
        kind: Config
        clusters: [{name: c, cluster: {%s}}]
        users: [{name: u, user: {%s}}]
        contexts: [{name: x, context: {cluster: c, user: u%s}}]
        current-context: x
        """
        .formatted(clusterFields, userFields, contextFields);
  }

  /** The environment in which it is read. */
  Map<String, String> config(String clusterFields, String userFields) throws IOException {
    return reading(file("config", yaml(clusterFields, userFields, "")));
  }

  /** The environment in which this file is read, and more. */
  static Map<String, String> reading(Path file, String... namesAndValues) {
    Map<String, String> environment = new HashMap<>(Map.of("KUBECONFIG", file.toString()));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      environment.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return environment;
  }

  Path file(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }

  Path program(String name, String script) throws IOException {
    Path file = file(name, "#!/bin/sh\n" + script);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /**
   * A certificate of the cluster for a user of this name.
   *
   * @param key in PEM
   */
  String certificate(String name, Path key) {
    String pem =
        cluster.sh(
            """
            request=$(openssl req -new -key '%2$s' -subj '/CN=%1$s' | base64 -w0)
            kubectl delete csr/%1$s --ignore-not-found >&2
            kubectl apply -f - >&2 <<END
            apiVersion: certificates.k8s.io/v1
            kind: CertificateSigningRequest
            metadata: {name: %1$s}
            spec: {request: $request, signerName: kubernetes.io/kube-apiserver-client, usages: [client auth], expirationSeconds: 3600}
            END
            kubectl certificate approve %1$s >&2
            kubectl wait csr/%1$s --for=jsonpath='{.status.certificate}' --timeout=30s >&2
            echo "CERTIFICATE $(kubectl get csr/%1$s -o jsonpath='{.status.certificate}')"
            kubectl delete csr/%1$s >&2
            """
                .formatted(name, key));
    String encoded =
        pem.lines().filter(line -> line.startsWith("CERTIFICATE ")).findFirst().orElseThrow();
    return new String(
        Base64.getDecoder().decode(encoded.substring("CERTIFICATE ".length()).strip()),
        StandardCharsets.US_ASCII);
  }

  /** A text as a kubeconfig has it in fields that end with {@code -data}. */
  static String data(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
