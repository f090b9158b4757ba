package org.spiredoctor.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.spiredoctor.evidence.cluster.ClusterEvidence;
import org.spiredoctor.kube.Kind;

class ConfigEditTest {
  private static ConfigEdit edit(String more) {
    ClusterEvidence evidence = ClusterScene.healthy().agentConfig(more).evidence();
    return ConfigEdit.of(evidence, evidence.agents().getFirst()).orElseThrow();
  }

  private static Optional<String> port(String more) {
    return edit(more).replace("port", "80", "1.2");
  }

  @Test
  void changesTheOnePlace() {
    assertThat(port("sds { port = \"80\" bind_port = 80 }\n"))
        .hasValueSatisfying(
            command ->
                assertThat(command)
                    .contains(
                        "| sed -E 's/((^|[^A-Za-z0-9_])port\"?[[:space:]]*[=:][[:space:]]*\"?)80"
                            + "([[:space:]\",}]|$)/\\11.2\\3/' |"));
    assertThat(edit("sds { namespace = \"1.2*\" }\n").replace("namespace", "1.2*", "x&/y"))
        .hasValueSatisfying(
            command -> assertThat(command).contains("1\\.2\\*(", "/\\1x\\&\\/y\\3/"));
    assertThat(edit("sds { ready_path = 80 }\n").change("\"?ready_path\"? *= *\"?80\"?", ""))
        .isPresent();
  }

  @Test
  void doesNotChangeWhatMayNotBeMeant() {
    for (String text :
        new String[] {
          "sds { port = 80 }\nhealth_checks { port = \"80\" }\n",
          "sds { port = 80 }\ntelemetry { port = 80 }\n",
          "sds { port = 80 }\ntelemetry { Some { more = [{ port = 80 }] } }\n",
          "sds { port = 80, port = 80 }\n",
          "  // port = 80\n",
          "sds { port = 8080 }\n",
          "sds { port = 180 }\n",
          "sds { port = \"80-x\" }\n",
          "sds { bind_port = 80 }\n",
          ""
        }) {
      assertThat(port(text)).as(text).isEqualTo(Optional.empty());
    }
  }

  /** A pipe goes on with an empty text where its first command fails. */
  @ParameterizedTest
  @ValueSource(strings = {"exit 1", "exit 0", "echo 'Unable to connect to the server' >&2; exit 1"})
  void changesNothingWhereTheConfigurationCannotBeRead(String get, @TempDir Path directory)
      throws IOException, InterruptedException {
    Path kubectl = directory.resolve("kubectl");
    Files.writeString(
        kubectl,
        "#!/bin/sh\n[ \"$1\" = get ] && { %s; }\necho \"$1\" >> %s/done\n"
            .formatted(get, directory));
    assertThat(kubectl.toFile().setExecutable(true)).isTrue();
    ProcessBuilder shell =
        new ProcessBuilder("sh", "-c", port("sds { port = 80 }\n").orElseThrow())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    shell.environment().merge("PATH", directory.toString(), (old, first) -> first + ":" + old);
    assertThat(shell.start().waitFor()).isNotZero();
    assertThat(directory.resolve("done")).doesNotExist();
  }

  @Test
  void renamesTheOneBlock() {
    assertThat(edit("clusters = { \"old\" = {} }\n").rename("old", "new").orElseThrow())
        .contains("old(", "/\\1new\\2/");
    assertThat(edit("clusters = { \"old\" = {} }\nNodeAttestor \"old\" {}\n").rename("old", "new"))
        .isEmpty();
    assertThat(edit("clusters = { \"very-old\" = {} }\n").rename("old", "new")).isEmpty();
  }

  /** The new one would open the database while the old one has it. */
  @Test
  void aServerWithADatabaseInAFileIsNotRunTwice() {
    for (String type : List.of("sqlite3", "postgres")) {
      ClusterScene scene =
          ClusterScene.healthy()
              .configEdit(
                  "spire-server",
                  "server.conf",
                  "plugins {",
                  "plugins {\n DataStore \"sql\" { plugin_data { database_type = \""
                      + type
                      + "\" connection_string = \"/data/x\" } }\n")
              .set(
                  Kind.POD,
                  "spire-server-0",
                  "/metadata/ownerReferences",
                  "[{kind: ReplicaSet, name: spire-server-7d9f, uid: rs}]");
      scene
          .object(
              Kind.DEPLOYMENT,
              """
              {metadata: {name: spire-server, namespace: spire-system, uid: d},
               spec: {replicas: 1, template: {metadata: {labels: {app: spire-server}},
                 spec: {containers: [{name: spire-server, args: [-config, /c/server.conf],
                   image: "ghcr.io/spiffe/spire-server:1.15.3"}]}}},
               status: {readyReplicas: 1}}
              """)
          .remove(Kind.STATEFUL_SET, "spire-server");
      ClusterEvidence evidence = scene.evidence();
      assertThat(Kubectl.anew(evidence.servers().getFirst()))
          .hasValue(
              type.equals("postgres")
                  ? "kubectl rollout restart -n spire-system deployment/spire-server"
                  : "kubectl delete pod -n spire-system spire-server-0");
    }
  }
}
