package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.SERVER;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.Remedy;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Access;
import org.spiredoctor.kube.Kind;

class ServerBundleNotPublishedTest {
  @Test
  void serverBundleNotPublished() {
    ClusterScene scene =
        ClusterScene.healthy()
            .configMap(
                SERVER,
                "server.conf",
                "server { trust_domain = \"example.org\" }\nplugins { Notifier \"k8sbundle\" {"
                    + " plugin_data { namespace = \"spire-system\" } } }\n");
    Expect.healthy(scene);
    Finding found =
        Expect.first(
            "server-bundle-not-published",
            scene.denied(
                new Access(
                    "spire-system:spire-server",
                    "patch",
                    "",
                    "configmaps",
                    Optional.of("spire-system"),
                    "spire-bundle")));
    assertThat(command(found))
        .startsWith("kubectl create role -n spire-system spire-server-bundle")
        .endsWith("&& kubectl delete pod -n spire-system spire-server-0");
    // Without a pod there is none to be started anew.
    assertThat(scene.remove(Kind.POD, "spire-server-0").report().findings())
        .extracting(ranked -> ranked.finding().id())
        .doesNotContain("server-bundle-not-published");
  }

  private static ClusterScene publishing(String settings, String volume) {
    return ClusterScene.healthy()
        .configEdit(
            SERVER,
            "server.conf",
            "plugins {",
            "plugins {\n  Notifier \"k8sbundle\" {\n    plugin_data { " + settings + " }\n  }\n")
        .add(
            Kind.POD,
            "spire-agent-x1y2z",
            "/spec/volumes",
            "{name: bundle, configMap: {name: %s}}".formatted(volume))
        .serverCrashes(
            "level=error msg=\"Server crashed\" error=\"one or more notifiers returned an error:"
                + " rpc error: code = Internal desc = notifier(k8sbundle): unable to update: unable"
                + " to get list: configmaps \\\"spire-bundle\\\" is forbidden\"\n");
  }

  @Test
  void aBundleThatIsPublishedWhereNoAgentReadsIsMoved() {
    Finding set =
        Expect.first(
            "server-bundle-not-published", publishing("namespace = \"spire\"", "spire-bundle"));
    assertThat(set.summary())
        .endsWith("in the namespace spire, but the agents read it in spire-system");
    assertThat(command(set)).contains("namespace", "spire(", "/\\1spire-system\\3/");
    assertThat(set.remedies().toString()).doesNotContain("create role");
    // Another block's value that only begins so stays; with the same value, nothing is offered.
    String other = "\n    }\n  }\n  UpstreamAuthority \"vault\" {\n    plugin_data { namespace = ";
    Finding begins =
        Expect.first(
            "server-bundle-not-published",
            publishing("namespace = \"spire\"" + other + "\"spire-vault\"", "spire-bundle"));
    assertThat(command(begins)).contains("spire([[:space:]\",}]|$)");
    Finding same =
        Expect.first(
            "server-bundle-not-published",
            publishing("namespace = \"spire\"" + other + "\"spire\"", "spire-bundle"));
    assertThat(same.remedies()).noneMatch(Remedy.Command.class::isInstance);
    assertThat(((Remedy.Patch) same.remedies().getFirst()).yaml()).startsWith("Notifier");
    Finding left = Expect.first("server-bundle-not-published", publishing("", "spire-bundle"));
    assertThat(left.evidence().toString()).contains("namespace spire (not set: the default)");
    assertThat(((Remedy.Patch) left.remedies().getFirst()).yaml())
        .contains("namespace = \"spire-system\"");
    // The agents read it there, or another.
    assertThat(
            command(
                Expect.first(
                    "server-bundle-not-published",
                    publishing("namespace = \"spire-system\"", "spire-bundle"))))
        .contains("create role");
    assertThat(
            command(
                Expect.first(
                    "server-bundle-not-published",
                    publishing("namespace = \"spire\"", "other-bundle"))))
        .contains("create role");
  }
}
