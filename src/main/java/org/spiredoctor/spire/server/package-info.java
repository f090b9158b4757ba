/**
 * The SPIRE server's own API, over its local socket or over the network with an X.509-SVID. Only
 * what {@code check} asks outside of a pod; nothing that waits in a pod may load it.
 */
@NullMarked
package org.spiredoctor.spire.server;

import org.jspecify.annotations.NullMarked;
