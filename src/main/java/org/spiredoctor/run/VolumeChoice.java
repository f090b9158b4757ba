package org.spiredoctor.run;

/** Which volume brings the socket into the pod of the tests; called as on the command line. */
public enum VolumeChoice {
  /** The CSI driver where there is one, else the node's directory. */
  auto,

  /** The CSI driver. */
  csi,

  /** The node's directory. */
  hostpath
}
