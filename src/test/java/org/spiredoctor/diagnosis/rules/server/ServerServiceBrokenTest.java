package org.spiredoctor.diagnosis.rules.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.spiredoctor.diagnosis.rules.Expect.command;
import static org.spiredoctor.diagnosis.rules.server.ServerScenes.SERVER;

import org.junit.jupiter.api.Test;
import org.spiredoctor.diagnosis.ClusterScene;
import org.spiredoctor.diagnosis.Finding;
import org.spiredoctor.diagnosis.rules.Expect;
import org.spiredoctor.kube.Kind;

class ServerServiceBrokenTest {
  private static ClusterScene service(String pointer, String value) {
    return ClusterScene.healthy().set(Kind.SERVICE, SERVER, pointer, value);
  }

  @Test
  void serverServiceBroken() {
    Finding missing =
        Expect.first("server-service-broken", ClusterScene.healthy().remove(Kind.SERVICE, SERVER));
    assertThat(command(missing))
        .isEqualTo(
            "kubectl create service clusterip -n spire-system spire-server --tcp=8081:8081"
                + " --dry-run=client -o yaml | kubectl set selector --local -f - app=spire-server"
                + " -o yaml | kubectl apply -f -");
    Finding selector =
        Expect.first("server-service-broken", service("/spec/selector", "{app: spire-srv}"));
    assertThat(command(selector))
        .isEqualTo("kubectl set selector -n spire-system service spire-server app=spire-server");
    Finding port =
        Expect.first(
            "server-service-broken", service("/spec/ports", "[{port: 8443, targetPort: 8081}]"));
    assertThat(command(port))
        .endsWith("-p '[{\"op\":\"replace\",\"path\":\"/spec/ports/0/port\",\"value\":8081}]'");
    Finding target =
        Expect.first(
            "server-service-broken", service("/spec/ports", "[{port: 8081, targetPort: 9999}]"));
    assertThat(command(target)).contains("/spec/ports/0/targetPort\",\"value\":8081");
    Expect.healthy(service("/spec/ports", "[{port: 8081, targetPort: grpc}]"));
    Expect.healthy(service("/spec/selector", "{}"));
    // Its services may not be seen: that is said, and nothing is made of it.
    assertThat(ClusterScene.healthy().forbidden(Kind.SERVICE).report().findings()).isEmpty();
  }
}
