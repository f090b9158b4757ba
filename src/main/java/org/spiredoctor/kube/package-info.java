/** The Kubernetes API: what is listed, how it is asked, and the objects as records. */
@NullMarked
package org.spiredoctor.kube;

import org.jspecify.annotations.NullMarked;
