/** Made by build.mjs: every file of frontend/icons as one SVG text with a symbol each. */
declare module "virtual:icons" {
  const sprite: string;
  export default sprite;
}
