import { type ComponentProps, lazy, Suspense } from "react";
import { TextSkeleton } from "../../ui/Skeletons.tsx";

const Form = lazy(async () => ({ default: (await import("./InstanceForm.tsx")).InstanceForm }));

/** The form with its heavier fields, loaded when somebody adds or edits. */
export function InstanceForm(props: ComponentProps<typeof Form>) {
  return (
    <Suspense fallback={<TextSkeleton lines={10} />}>
      <Form {...props} />
    </Suspense>
  );
}
