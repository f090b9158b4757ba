package org.spiredoctor.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.spiredoctor.identity.Agent;
import org.spiredoctor.identity.Entry;
import org.spiredoctor.identity.Selector;
import org.spiredoctor.kube.Container;
import org.spiredoctor.kube.Meta;
import org.spiredoctor.kube.Pod;

/**
 * A large cluster: pods, agents, and the entries of a server. Of a hundred deployments one has no
 * entry, and two have one with a fault. Entries that are left are for deployments without pods.
 *
 * @param agents by node
 */
record Herd(List<Entry> entries, List<Pod> pods, Map<String, List<Agent>> agents) {
  private static final String DOMAIN = "spiffe://example.org";
  private static final String ALIAS = DOMAIN + "/spire-agent";
  private static final int PODS_PER_NODE = 20;
  private static final List<String> WORDS =
      List.of(
          "account",
          "billing",
          "cart",
          "catalog",
          "checkout",
          "delivery",
          "email",
          "frontend",
          "gateway",
          "inventory",
          "ledger",
          "mailer",
          "notify",
          "orders",
          "payment",
          "pricing",
          "quote",
          "refund",
          "review",
          "search",
          "session",
          "shipping",
          "stock",
          "tracking");

  static Herd of(int entries, int pods) {
    return new Making(entries, pods).herd();
  }

  List<Agent> agents(String node) {
    return agents.getOrDefault(node, List.of());
  }

  static String maker(Pod pod) {
    return pod.meta().owners().getFirst().uid();
  }

  /** One making of it, the same each time. */
  private static final class Making {
    private final Random random = new Random(42);
    private final List<Entry> entries = new ArrayList<>();
    private final List<Pod> pods = new ArrayList<>();
    private final Map<String, List<Agent>> agents = new LinkedHashMap<>();
    private final int wantedEntries;
    private final int wantedPods;
    private final int replicas;

    Making(int entries, int pods) {
      this.wantedEntries = entries;
      this.wantedPods = pods;
      // At least five, and so many that the entries suffice.
      this.replicas = Math.max(5, 2 * pods / Math.max(1, entries));
    }

    Herd herd() {
      if (wantedEntries > 0) {
        entries.add(
            entry(
                ALIAS,
                DOMAIN + "/spire/server",
                new Selector("k8s_psat", "cluster:demo"),
                new Selector("k8s_psat", "agent_ns:spire-system"),
                new Selector("k8s_psat", "agent_sa:spire-agent")));
      }
      for (int i = 0; entries.size() < wantedEntries || pods.size() < wantedPods; i++) {
        deployment(i);
      }
      return new Herd(entries, pods, agents);
    }

    private String word() {
      return WORDS.get(random.nextInt(WORDS.size()));
    }

    /** Its pods and its entry, as far as either is still wanted. */
    private void deployment(int number) {
      String namespace = WORDS.get(number % 24) + "-" + WORDS.get(number / 24 % 24);
      String app = word() + "-" + word() + "-" + word() + (number % 3 == 0 ? "-" + number : "");
      String account = number % 4 == 0 ? "default" : app;
      Meta.OwnerReference owner =
          new Meta.OwnerReference("ReplicaSet", app + "-" + hex(10), uuid(), true);
      List<Pod> made = new ArrayList<>();
      for (int i = 0; i < replicas && pods.size() < wantedPods; i++) {
        Pod pod = pod(namespace, app, account, owner);
        made.add(pod);
        pods.add(pod);
      }
      int fault = number % 100;
      if (entries.size() >= wantedEntries || fault == 0) {
        return;
      }
      String id = DOMAIN + "/ns/" + namespace + "/sa/" + account + "/" + app;
      Selector ns = Selector.k8s("ns:" + namespace);
      Selector sa = Selector.k8s("sa:" + (fault == 1 ? "another" : account));
      Selector label = Selector.k8s("pod-label:app:" + (fault == 2 ? slip(app) : app));
      if (number % 10 == 9 && wantedEntries >= wantedPods) {
        // As spire-controller-manager does: one for each pod, below the agent of its node.
        for (Pod pod : made) {
          if (entries.size() < wantedEntries) {
            Agent agent = agents.getOrDefault(pod.node(), List.of()).getFirst();
            entries.add(entry(id, agent.id(), Selector.k8s("pod-uid:" + pod.meta().uid())));
          }
        }
        if (made.isEmpty()) {
          entries.add(entry(id, ALIAS, Selector.k8s("pod-uid:" + uuid())));
        }
      } else if (number % 10 == 8) {
        entries.add(entry(id, ALIAS, ns, sa, label, Selector.k8s("container-name:app")));
      } else {
        entries.add(entry(id, ALIAS, ns, sa, label));
      }
    }

    private static String slip(String word) {
      return word.substring(0, 2) + word.charAt(3) + word.charAt(2) + word.substring(4);
    }

    private Entry entry(String spiffeId, String parentId, Selector... selectors) {
      return new Entry(
          uuid(),
          spiffeId,
          parentId,
          new LinkedHashSet<>(List.of(selectors)),
          Optional.empty(),
          Optional.empty(),
          false,
          false,
          "",
          List.of(),
          Entry.Settings.NONE);
    }

    private Pod pod(String namespace, String app, String account, Meta.OwnerReference owner) {
      String node = "node-" + pods.size() / PODS_PER_NODE;
      agents.computeIfAbsent(node, name -> List.of(agent(name)));
      Map<String, String> labels =
          Map.of(
              "app",
              app,
              "app.kubernetes.io/part-of",
              namespace,
              "version",
              "v" + random.nextInt(20),
              "pod-template-hash",
              hex(10));
      return new Pod(
          new Meta(
              namespace,
              owner.name() + "-" + hex(5),
              uuid(),
              labels,
              Map.of(),
              List.of(owner),
              Optional.empty(),
              false),
          node,
          account,
          false,
          false,
          Optional.empty(),
          Map.of(),
          List.of(
              container("wait", Container.Role.INIT, "spire-doctor"),
              container("proxy", Container.Role.APP, "mesh/proxy"),
              container("app", Container.Role.APP, app)),
          List.of(),
          "Running",
          "",
          "",
          List.of());
    }

    private Container container(String name, Container.Role role, String image) {
      String repository = "registry.example.org/" + image;
      return new Container(
          name,
          role,
          repository + ":1.2.3",
          List.of(),
          List.of(),
          Map.of(),
          Set.of(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          false,
          Duration.ZERO,
          Optional.of(
              new Container.Status(
                  repository + ":1.2.3",
                  repository + "@sha256:" + hex(64),
                  "",
                  true,
                  0,
                  new Container.State(
                      Container.State.Phase.RUNNING,
                      "",
                      "",
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty()),
                  Optional.empty())));
    }

    private Agent agent(String node) {
      String uid = uuid();
      Set<Selector> selectors = new LinkedHashSet<>();
      for (String value :
          List.of(
              "cluster:demo",
              "agent_ns:spire-system",
              "agent_sa:spire-agent",
              "agent_pod_name:spire-agent-" + hex(5),
              "agent_pod_uid:" + uuid(),
              "agent_node_ip:10.0.0.1",
              "agent_node_name:" + node,
              "agent_node_uid:" + uid)) {
        selectors.add(new Selector("k8s_psat", value));
      }
      return new Agent(
          DOMAIN + "/spire/agent/k8s_psat/demo/" + uid,
          "k8s_psat",
          selectors,
          false,
          true,
          Optional.empty(),
          Optional.of("1.15.3"));
    }

    private String uuid() {
      return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    private String hex(int length) {
      StringBuilder text = new StringBuilder();
      while (text.length() < length) {
        text.append(Integer.toHexString(random.nextInt(16)));
      }
      return text.toString();
    }
  }
}
