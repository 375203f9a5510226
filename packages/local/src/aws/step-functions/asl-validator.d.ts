declare module "asl-validator" {
  /** Alters the definition that it is given. */
  export default function validate(definition: unknown): {
    isValid: boolean;
    errorsText: (separator: string) => string;
  };
}
