namespace Workbench.Web.Components.Pages.Runs.Wizard;

/// <summary>The stations of the wizard, in their order.</summary>
public enum WizardStep
{
    Model,
    Method,
    Data,
    Template,
    Parameters,
    Review,
}
