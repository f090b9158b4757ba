package org.spiredoctor.diagnosis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.spiredoctor.evidence.cluster.ClusterQuery;
import org.spiredoctor.evidence.cluster.Observed;
import org.spiredoctor.evidence.cluster.Observed.Seen;
import org.spiredoctor.kube.Access;

/** What is asked in a {@link ClusterScene}, and what accounts are allowed there. */
public abstract class SceneQuery extends SceneServer {
  final Map<Access, Observed<Boolean>> access = new LinkedHashMap<>();
  ClusterQuery.Pods pods = new ClusterQuery.Pods.WithSocket(Optional.empty());
  Optional<String> spireNamespace = Optional.empty();
  Optional<String> spireHint = Optional.empty();
  boolean workloadLogs;
  Optional<String> trustDomain = Optional.empty();
  Optional<String> spiffeId = Optional.empty();
  List<String> federatesWith = List.of();

  /** The user wants the logs of failed workloads too. */
  public ClusterScene workloadLogs() {
    this.workloadLogs = true;
    return self();
  }

  /** What a service account of SPIRE may not do; one of the whole cluster. */
  public ClusterScene denied(String account, String verb, String group, String resource) {
    return denied(Access.everywhere("spire-system:" + account, verb, group, resource));
  }

  /** What a service account of SPIRE may do, of the whole cluster. */
  public ClusterScene allowed(String account, String verb, String group, String resource) {
    access.put(
        Access.everywhere("spire-system:" + account, verb, group, resource), new Seen<>(true));
    return self();
  }

  /** The same of whatever service account. */
  ClusterScene allowed(Access what) {
    access.put(what, new Seen<>(true));
    return self();
  }

  /** Agents may list pods through the kubelet, which only a cluster administrator can grant. */
  public ClusterScene kubeletRights(String account) {
    access.put(Access.everywhere(account, "get", "", "nodes/proxy"), new Seen<>(true));
    return self();
  }

  /** The same of one object. */
  public ClusterScene denied(Access what) {
    access.put(what, new Seen<>(false));
    return self();
  }

  /** What the user asks. */
  public ClusterScene asking(ClusterQuery.Pods which) {
    this.pods = which;
    return self();
  }

  /** The pod that the user asks of. */
  public ClusterScene askingFor(String namespace, String pod) {
    return asking(new ClusterQuery.Pods.Named(Optional.of(namespace), pod));
  }

  public ClusterScene expectingDomain(String name) {
    this.trustDomain = Optional.of(name);
    return self();
  }

  public ClusterScene expecting(String id) {
    this.spiffeId = Optional.of(id);
    return self();
  }

  public ClusterScene federatingWith(String... domains) {
    this.federatesWith = List.of(domains);
    return self();
  }

  public ClusterScene spireIn(String namespace) {
    this.spireNamespace = Optional.of(namespace);
    return self();
  }

  /** Where SPIRE is looked for first. */
  public ClusterScene hinting(String namespace) {
    this.spireHint = Optional.of(namespace);
    return self();
  }
}
