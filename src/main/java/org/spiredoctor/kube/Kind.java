package org.spiredoctor.kube;

import java.util.Optional;

/**
 * What is listed, and which of its fields are kept: nothing else of an object is ever held. Secrets
 * are not among them.
 */
public enum Kind {
  NAMESPACE("", "v1", "namespaces", Mask.META + ",status(phase)"),
  NODE(
      "",
      "v1",
      "nodes",
      Mask.META
          + ",spec!(unschedulable,taints(key,value,effect))"
          + ",status(conditions(type,status,reason,message),nodeInfo(osImage,kernelVersion"
          + ",containerRuntimeVersion,kubeletVersion,architecture)"
          + ",daemonEndpoints(kubeletEndpoint(Port)))"),
  POD(
      "",
      "v1",
      "pods",
      Mask.META + ",spec!(" + Mask.POD_SPEC + "),status(" + Mask.POD_STATUS + ")"),
  EVENT(
      "",
      "v1",
      "events",
      "metadata!(creationTimestamp),involvedObject!(kind,namespace,name,uid),type,reason,message"
          + ",lastTimestamp,eventTime"),
  CONFIG_MAP("", "v1", "configmaps", Mask.META + ",data!"),
  SERVICE(
      "",
      "v1",
      "services",
      Mask.META + ",spec!(clusterIP,externalName,selector,ports(name,port,targetPort))"),
  DAEMON_SET("apps", "v1", "daemonsets", Mask.OWNER),
  STATEFUL_SET("apps", "v1", "statefulsets", Mask.OWNER),
  DEPLOYMENT("apps", "v1", "deployments", Mask.OWNER),
  CSI_DRIVER("storage.k8s.io", "v1", "csidrivers", Mask.META),
  CLUSTER_SPIFFE_ID(
      "spire.spiffe.io",
      "v1alpha1",
      "clusterspiffeids",
      Mask.META
          + ",spec!(className,spiffeIDTemplate,podSelector,namespaceSelector,dnsNameTemplates"
          + ",workloadSelectorTemplates,federatesWith,ttl,jwtTtl,hint,admin,downstream"
          + ",autoPopulateDNSNames,fallback),status(stats,conditions)"),
  CLUSTER_STATIC_ENTRY(
      "spire.spiffe.io",
      "v1alpha1",
      "clusterstaticentries",
      // Changed only while they are of the version that was seen.
      Mask.META.replace("(name,", "(name,resourceVersion,")
          + ",spec!(className,spiffeID,parentID,selectors,federatesWith,x509SVIDTTL,jwtSVIDTTL"
          + ",dnsNames,hint,admin,downstream,storeSVID),status(rendered,masked,set,conditions)");

  private final String group;
  private final String version;
  private final String plural;
  private final String fields;

  Kind(String group, String version, String plural, String fields) {
    this.group = group;
    this.version = version;
    this.plural = plural;
    this.fields = fields;
  }

  /** The name that RBAC rules use, such as {@code pods}. */
  public String plural() {
    return plural;
  }

  /** Whether each is of a namespace. */
  public boolean namespaced() {
    return switch (this) {
      case NAMESPACE, NODE, CSI_DRIVER, CLUSTER_SPIFFE_ID, CLUSTER_STATIC_ENTRY -> false;
      case POD, EVENT, CONFIG_MAP, SERVICE, DAEMON_SET, STATEFUL_SET, DEPLOYMENT -> true;
    };
  }

  /**
   * What a list is asked with: of what seldom changes, what an API server has in its cache will do,
   * and costs etcd nothing.
   */
  String freshness() {
    return switch (this) {
      case NAMESPACE, NODE, CSI_DRIVER -> "&resourceVersion=0";
      case POD, EVENT, CONFIG_MAP, SERVICE, DAEMON_SET, STATEFUL_SET, DEPLOYMENT -> "";
      case CLUSTER_SPIFFE_ID, CLUSTER_STATIC_ENTRY -> "";
    };
  }

  /** The API group; empty for the core. */
  public String group() {
    return group;
  }

  /** What is kept of an object; made anew each time. */
  public Mask mask() {
    return Mask.parse(fields);
  }

  /** Its path on the API server. */
  String path(Optional<String> namespace) {
    return (group.isEmpty() ? "/api/" : "/apis/" + group + "/")
        + version
        + namespace.map(ns -> "/namespaces/" + ns).orElse("")
        + "/"
        + plural;
  }
}
