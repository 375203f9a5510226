import { type ReactNode, useEffect } from "react";
import { useTranslations } from "use-intl";
import classes from "./Page.module.css";

type Props = {
  title: string;
  /** One line under the title. */
  description?: ReactNode;
  /** Buttons at the right of the title. */
  actions?: ReactNode;
  /** `narrow` for a form or a story, `wide` for tables and lists beside details. */
  width?: "narrow" | "normal" | "wide";
  children: ReactNode;
};

/** The frame of every page: title, actions, content. Sets the document's title. */
export function Page({ title, description, actions, width = "normal", children }: Props) {
  const t = useTranslations("shell");
  const product = t("product");
  useEffect(() => {
    document.title = `${title} · ${product}`;
  }, [title, product]);
  return (
    <div className={classes.page} data-width={width}>
      <header className={classes.header}>
        <div className={classes.titles}>
          <h1 className={classes.title} tabIndex={-1}>
            {title}
          </h1>
          {description ? <div className={classes.description}>{description}</div> : null}
        </div>
        {actions ? <div className={classes.actions}>{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

/** A part of a page under its own heading. */
export function Section({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes.section}>
      <div className={classes.sectionHead}>
        <h2 className={classes.sectionTitle}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** A bordered surface. */
export function Panel({ children, padded = true }: { children: ReactNode; padded?: boolean }) {
  return (
    <div className={classes.panel} data-padded={padded || undefined}>
      {children}
    </div>
  );
}
