/**
 * The port to a SPIRE server: its own API, over its local socket or over the network with an
 * X.509-SVID, or its own program in its container. Nothing that waits in a pod may load it.
 */
@NullMarked
package org.spiredoctor.spire.server;

import org.jspecify.annotations.NullMarked;
