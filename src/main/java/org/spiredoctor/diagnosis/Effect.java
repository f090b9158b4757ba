package org.spiredoctor.diagnosis;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A consequence of a fault, within the scope of its finding. A rule says which effects its fault
 * has, and by which effects its finding is explained; none names another as its cause.
 */
public enum Effect {
  /** A server does not run, or not long. */
  SERVER_DOWN,

  /** A server is not ready, so that it does not answer. */
  SERVER_NOT_READY,

  /** A server cannot write to its datastore. */
  DATASTORE_UNUSABLE,

  /** The spire-controller-manager does not run, or its webhook does not answer. */
  CONTROLLER_FAILS,

  /** A service leads to no server, without a fault of its own. */
  SERVICE_WITHOUT_SERVER,

  /** Agents find no server at its address. */
  SERVER_OUT_OF_REACH,

  /** A server signs with other keys than agents know. */
  AUTHORITIES_REPLACED,

  /** An agent cannot attest, so that it never serves, or soon no longer does. */
  AGENT_REFUSED,

  /** An agent runs, and cannot renew its SVID. */
  SVID_NOT_RENEWED,

  /** No agent is there to serve the pods of a node. */
  AGENT_ABSENT,

  /** Nodes have no agent, and nothing of what comes with it. */
  AGENT_NOT_ON_NODE,

  /** An agent does not become ready. */
  AGENT_NOT_READY,

  /** Two agents are on a node, where one is expected. */
  TWO_AGENTS_ON_NODE,

  /** The server does not accept what agents say of their nodes. */
  NODE_ATTESTATION_REJECTED,

  /** An agent cannot tell which pod calls. */
  POD_NOT_ATTESTED,

  /** The k8s attestor of an agent complains about a call. */
  ATTESTOR_FAILS,

  /** The kubelet does not list the container that calls yet. */
  CALLER_UNKNOWN,

  /** The kubelet lists the container that calls where agents do not look. */
  CALLER_NEVER_LISTED,

  /** An agent does not understand the cgroups of a node. */
  CGROUP_NOT_READ,

  /** No entry is served to a pod. */
  ENTRY_NOT_SERVED,

  /** A pod has no entry, though it was meant to. */
  ENTRY_ABSENT,

  /** No entry is created from a ClusterSPIFFEID. */
  ENTRY_NOT_DERIVED,

  /** An entry is not brought up to date by what created it. */
  ENTRY_OUTDATED,

  /** A ClusterSPIFFEID is refused, or not read. */
  DECLARATION_NOT_APPLIED,

  /** A change of an entry is under way, or is undone again and again. */
  ENTRY_NOT_SETTLED,

  /** Identities are of another trust domain than is expected. */
  TRUST_DOMAIN_FOREIGN,

  /** A pod does not reach the agent's socket. */
  SOCKET_NOT_REACHED,

  /** The directory of the agent's socket is not where a pod looks for it. */
  SOCKET_DIRECTORY_ABSENT,

  /** A node does not have what a volume names. */
  HOST_PATH_ABSENT,

  /** Nobody answers at a socket that is there. */
  CONNECTION_REFUSED,

  /** A pod gets no answer of the Workload API, for now at least. */
  WORKLOAD_API_FAILS,

  /** A program does not get the identity that it needs. */
  IDENTITY_LACKING,

  /** The kubelet does not start the containers of a pod. */
  CONTAINER_NOT_STARTED,

  /** A pod is not created. */
  POD_NOT_CREATED;

  /** Those that keep a pod from its identity, wherever their fault lies, and more. */
  public static Set<Effect> keepingIdentityAnd(Effect... more) {
    EnumSet<Effect> all =
        EnumSet.of(
            AGENT_REFUSED,
            SVID_NOT_RENEWED,
            AGENT_ABSENT,
            POD_NOT_ATTESTED,
            ENTRY_NOT_SERVED,
            SOCKET_NOT_REACHED);
    all.addAll(List.of(more));
    return Set.copyOf(all);
  }
}
