import { useMutation, useQueryClient } from "@tanstack/react-query";

/** A change to a grant; afterwards everything that shows grants or requests is asked anew. */
export function useGrantChange<Input, Output>(
  run: (input: Input) => Promise<Output>,
  onDone: (output: Output) => void,
) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: onDone,
    onSettled: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: ["grants"] }),
        queryClient.invalidateQueries({ queryKey: ["requests"] }),
      ]),
  });
}
