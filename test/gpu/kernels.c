// The kernels that a TensorFlow has for the ops that are named, as a KernelList message in hexadecimal each.
#include <stdio.h>
#include "tensorflow/c/c_api.h"

int main(int count, char** names) {
  TF_Status* status = TF_NewStatus();
  for (int i = 1; i < count; i++) {
    TF_Buffer* list = TF_GetRegisteredKernelsForOp(names[i], status);
    printf("%s ", names[i]);
    const unsigned char* bytes = list->data;
    for (size_t at = 0; at < list->length; at++) printf("%02x", bytes[at]);
    printf("\n");
    TF_DeleteBuffer(list);
  }
  return 0;
}
